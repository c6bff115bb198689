// Puts questions to the page's engines, in workers that the page itself would start, and keeps what they answer. `questions`
// are in base64, those for the module that is loaded later marked by a `+` before them.

const [{ app, later, worker: address }, questions] = arguments;

const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
const digits = buffer => [...new Uint8Array(buffer)].map(byte => byte.toString(16).padStart(2, '0')).join('');
const hash = async data => digits(await crypto.subtle.digest('SHA-256', data));

const engine = async (name, module) => {
  window.compiled ??= {};
  window.compiled[name] ??= await WebAssembly.compileStreaming(fetch(module));
  const worker = new Worker(address, { type: 'module' });
  worker.postMessage({ name, module: window.compiled[name] });
  return worker;
};

const asked = (worker, data) =>
  new Promise((answered, failed) => {
    worker.onmessage = event => answered(event.data);
    worker.onerror = event => failed(new Error(event.message));
    worker.postMessage(data);
  });

window.answers = { hashes: [], replies: [], done: false };
(async () => {
  const { answers } = window;
  const quick = await engine('app', app);
  const second = await engine('later', later);
  for (const question of questions) {
    const reply = await (question.startsWith('+')
      ? asked(second, bytes(question.slice(1)))
      : asked(quick, bytes(question))).catch(String);
    if (typeof reply === 'string') {
      // The engine stopped. What it would have remembered is lost, so nothing after this can agree.
      answers.hashes.push(reply);
      answers.replies.push(reply);
      break;
    }
    answers.hashes.push(await hash(reply));
    answers.replies.push(reply);
  }
  quick.terminate();
  second.terminate();
  answers.done = true;
})();
