// The engine beside the page: first its compiled module, then a question in, its answer out, both bytes.

import init, * as app from './app.js';

let ready;

self.onmessage = async ({ data }) => {
  if (data instanceof WebAssembly.Module) {
    ready = init({ module_or_path: data });
    return;
  }
  try {
    await ready;
    self.postMessage(app.engine(data));
  } catch (error) {
    // A panic stops the engine in the middle of its work, so it is asked no more: the page starts another.
    self.postMessage(JSON.stringify({ crashed: String(error) }));
    self.close();
  }
};
