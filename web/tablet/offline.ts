// Keeps the page itself for when there is no wifi. What a picker does is kept elsewhere, and nothing of the API is.

/** Of a service worker, what is used here; the page's own types know no such thing. */
interface Worker {
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void;
}
interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetching {
  readonly request: Request;
  respondWith(response: Promise<Response>): void;
}
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this file runs as a service worker
const worker = self as unknown as Worker;

const PAGE = 'kirana-tablet';
const FILES = [
  '/tablet/',
  '/tablet/tablet.css',
  '/tablet/connection.js',
  '/tablet/device-journal.js',
  '/tablet/elements.js',
  '/tablet/floor-page.js',
  '/tablet/floor-state.js',
  '/tablet/live-asks.js',
  '/tablet/memory.js',
  '/tablet/screen.js',
  '/tablet/session.js',
  '/tablet/shift.js',
  '/tablet/substitute-words.js',
  '/tablet/substitutes.js',
  '/tablet/tablet.js',
  '/tablet/waves.js',
  '/tablet/words.js',
  '/tablet/work-forms.js',
  '/tablet/work-screen.js',
  '/tablet/work.js',
  '/start/page.css',
  '/start/icon.svg',
];

worker.addEventListener('install', (event) => {
  event.waitUntil(caches.open(PAGE).then((cache) => cache.addAll(FILES)));
  void worker.skipWaiting();
});
worker.addEventListener('activate', (event) => {
  event.waitUntil(worker.clients.claim());
});
worker.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  const path = pathname === '/tablet' ? '/tablet/' : pathname;
  if (origin === location.origin && event.request.method === 'GET' && FILES.includes(path)) {
    event.respondWith(fresh(event.request, path));
  }
});

/** The newest there is: the server's while there is wifi, else the one that was kept. */
async function fresh(request: Request, path: string): Promise<Response> {
  const cache = await caches.open(PAGE);
  try {
    const response = await fetch(request);
    if (response.ok) await cache.put(path, response.clone());
    return response;
  } catch (cause) {
    const kept = await cache.match(path);
    if (kept === undefined) throw cause;
    return kept;
  }
}
