// Starts the page, then sees to it that it opens without a network too.

const newWorker = () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });

try {
  const { default: init, start_app } = await import('./app.js');
  await init();
  start_app(document.getElementById('app'), newWorker);
} catch (error) {
  document.querySelector('.boot')?.replaceChildren(`The calculator could not start: ${error}`);
  throw error;
}

// The page is the same without it: where it is forbidden or not to be had, nobody needs to hear of it.
const keepForOffline = () => navigator.serviceWorker?.register('./sw.js').catch(() => {});

if (document.readyState === 'complete') keepForOffline();
else addEventListener('load', keepForOffline);
