// Starts the page, then sees to it that it opens without a network too.

const MODULES = {
  app: new URL('./app_bg.wasm', import.meta.url),
  later: new URL('./later_bg.wasm', import.meta.url),
};

// A host that calls it something else than WebAssembly is as good, only slower.
const compile = address =>
  WebAssembly.compileStreaming(fetch(address)).catch(async () =>
    WebAssembly.compile(await (await fetch(address)).arrayBuffer()));

// Workers share what is compiled. What could not be loaded is tried again when it is asked for again.
const compiled = {};
const module = name =>
  (compiled[name] ??= compile(MODULES[name]).catch(error => {
    delete compiled[name];
    throw error;
  }));

const newWorker = name => {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  module(name).then(
    module => worker.postMessage({ name, module }),
    () => worker.dispatchEvent(new Event('error')));
  return worker;
};

try {
  const [{ default: init, start_app }, page] = await Promise.all([import('./app.js'), module('app')]);
  await init({ module_or_path: page });
  start_app(document.getElementById('app'), newWorker);
} catch (error) {
  document.querySelector('.boot')?.replaceChildren(`The calculator could not start: ${error}`);
  throw error;
}

// The page is the same without it: where it is forbidden or not to be had, nobody needs to hear of it.
const keepForOffline = () => navigator.serviceWorker?.register('./sw.js').catch(() => {});

if (document.readyState === 'complete') keepForOffline();
else addEventListener('load', keepForOffline);
