import init, { start_app } from './app.js';

try {
  await init();
  start_app(document.getElementById('app'));
} catch (error) {
  document.querySelector('.boot')?.replaceChildren(`The calculator could not start: ${error}`);
  throw error;
}
