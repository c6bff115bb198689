// Starts the page, then sees to it that it opens without a network too.

const engine = new URL('./app_bg.wasm', import.meta.url);

// A host that calls it something else than WebAssembly is as good, only slower.
const compile = () =>
  WebAssembly.compileStreaming(fetch(engine)).catch(async () =>
    WebAssembly.compile(await (await fetch(engine)).arrayBuffer()));

try {
  const [{ default: init, start_app }, module] = await Promise.all([import('./app.js'), compile()]);
  // Workers share what is compiled.
  const newWorker = () => {
    const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
    worker.postMessage(module);
    return worker;
  };
  // What writes workbooks is loaded when somebody asks for one.
  const writeWorkbook = async description => {
    const { default: initWorkbook, workbook } = await import('./workbook.js');
    await initWorkbook();
    return workbook(description);
  };
  await init({ module_or_path: module });
  start_app(document.getElementById('app'), newWorker, writeWorkbook);
} catch (error) {
  document.querySelector('.boot')?.replaceChildren(`The calculator could not start: ${error}`);
  throw error;
}

// The page is the same without it: where it is forbidden or not to be had, nobody needs to hear of it.
const keepForOffline = () => navigator.serviceWorker?.register('./sw.js').catch(() => {});

if (document.readyState === 'complete') keepForOffline();
else addEventListener('load', keepForOffline);
