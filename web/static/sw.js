// Keeps the page, so that it opens without a network. The build fills in the version and the files.

const VERSION = '';
const FILES = [];

const { scope } = self.registration;
// Sites below other paths of this origin have caches in the same place.
const OURS = `highwater ${scope} `;
const CACHE = OURS + VERSION;

const kept = request => caches.open(CACHE).then(cache => cache.match(request, { ignoreVary: true }));

// Names of files change with what they hold, that of the page does not.
const fresh = file => (file === './' ? new Request(file, { cache: 'no-cache' }) : file);

self.addEventListener('install', event => {
  event.waitUntil(caches.open(CACHE).then(cache => cache.addAll(FILES.map(fresh))));
});

self.addEventListener('activate', event => {
  const dropOld = async () => {
    const names = await caches.keys();
    const old = names.filter(name => name.startsWith(OURS) && name !== CACHE);
    await Promise.all(old.map(name => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(dropOld());
});

self.addEventListener('fetch', event => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || !url.href.startsWith(scope)) return;
  const path = url.href.slice(scope.length).split(/[?#]/)[0];
  if (request.mode === 'navigate') {
    if (path === '' || path === 'index.html') event.respondWith(page(request));
  } else if (FILES.includes(`./${path}`)) {
    event.respondWith(file(request));
  } else if (path.startsWith('catalog/')) {
    event.respondWith(prices(request));
  }
});

// The newest page while its site answers: an old one would show old prices.
async function page(request) {
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok) return answer;
  return (await kept('./')) ?? answer ?? Response.error();
}

async function file(request) {
  return (await kept(request)) ?? fetch(request);
}

async function prices(request) {
  const found = await kept(request);
  if (found) return found;
  const answer = await fetch(request, { cache: 'no-cache' });
  if (answer.ok) {
    const cache = await caches.open(CACHE);
    await cache.put(request, answer.clone());
  }
  return answer;
}
