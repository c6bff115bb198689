// The engine beside the page: first the compiled module and its name, then a question in, its answer out, both bytes.

const GLUE = { app: () => import('./app.js'), later: () => import('./later.js') };

let start;
const started = new Promise(resolve => (start = resolve));

const load = async ({ name, module }) => {
  const glue = await GLUE[name]();
  await glue.default({ module_or_path: module });
  return glue.engine;
};

self.onmessage = async ({ data }) => {
  if (data.module) {
    start(load(data));
    return;
  }
  try {
    const engine = await started;
    self.postMessage(engine(data));
  } catch (error) {
    // A panic stops the engine in the middle of its work, so it is asked no more: the page starts another.
    self.postMessage(JSON.stringify({ crashed: String(error) }));
    self.close();
  }
};
