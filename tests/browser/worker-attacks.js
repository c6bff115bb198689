// The same from a worker of the page's own address: told another origin, it answers with what stopped each attempt and
// whether it ran.

const PATIENCE = 400;
const AFTER = 30;

const marks = new Set();
self.ran = name => marks.add(name);

const attacks = away => ({
  eval: name => self.eval(`self.ran('${name}')`),
  'new-function': name => new Function(`self.ran('${name}')`)(),
  'timer-with-text': name => setTimeout(`self.ran('${name}')`),
  'foreign-import': name => import(away(name)),
  'foreign-fetch': name => fetch(away(name), { mode: 'no-cors' }),
  'foreign-request': name => {
    const request = new XMLHttpRequest();
    request.open('GET', away(name));
    request.send();
  },
  'foreign-socket': name => new WebSocket(away(name).replace('http', 'ws')),
  'foreign-events': name => new EventSource(away(name)),
  'blob-worker': name => {
    new Worker(URL.createObjectURL(new Blob([`fetch('${away(name)}', { mode: 'no-cors' })`])));
  },
});

self.onmessage = async ({ data: elsewhere }) => {
  const told = [];
  const all = attacks(name => `${elsewhere}/hit/${name}.js`);
  for (const name of Object.keys(all)) {
    const stopped = new Set();
    const heard = event => stopped.add(event.effectiveDirective);
    self.addEventListener('securitypolicyviolation', heard);
    const late = new Promise(end => setTimeout(end, PATIENCE));
    try {
      await Promise.race([all[name](name), late]);
    } catch {
      // Refused on the spot: the event says why.
    }
    if (!stopped.size && !marks.has(name)) await late;
    await new Promise(next => setTimeout(next, AFTER));
    self.removeEventListener('securitypolicyviolation', heard);
    told.push({ name, stopped: [...stopped], ran: marks.has(name) });
  }
  self.postMessage(told);
};
