// Puts questions to the page's engine, in a worker that the page itself would start, and keeps what it answers. `questions`
// are in base64, those for the module that writes workbooks marked by a `+` before them.

const [{ workbookGlue, module, worker: address }, questions] = arguments;

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const digits = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('');
const hash = async data => digits(await crypto.subtle.digest('SHA-256', data));

const engine = async () => {
  window.compiled ??= await WebAssembly.compileStreaming(fetch(module));
  const worker = new Worker(address, { type: 'module' });
  worker.postMessage(window.compiled);
  return worker;
};

const asked = (worker, data) =>
  new Promise((answered, failed) => {
    worker.onmessage = event => answered(event.data);
    worker.onerror = event => failed(new Error(event.message));
    worker.postMessage(data);
  });

const written = async data => {
  const { default: init, workbook } = await import(workbookGlue);
  await (window.writer ??= init());
  return workbook(data);
};

window.answers = { hashes: [], replies: [], done: false };
(async () => {
  const { answers } = window;
  let worker = await engine();
  for (const question of questions) {
    const reply = question.startsWith('+')
      ? await written(bytes(question.slice(1))).catch(String)
      : await asked(worker, bytes(question)).catch(String);
    if (typeof reply === 'string') {
      // The engine stopped. What it would have remembered is lost, so nothing after this can agree.
      answers.hashes.push(reply);
      answers.replies.push(reply);
      break;
    }
    answers.hashes.push(await hash(reply));
    answers.replies.push(reply);
  }
  worker.terminate();
  answers.done = true;
})();
