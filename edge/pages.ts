import type { Context } from 'hono';
import { refuse } from '../contracts/problem.ts';
import type { AppEnv } from './endpoint.ts';
import { problem } from './problem.ts';

/** Our own scripts, styles and API only; nothing may frame the pages. `data:` is for the icons in Swagger UI's style. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const PAGE_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'geolocation=(self), camera=(self)',
} as const;

/** Whatever is no route: a page or file, a known address with another method, or nothing. */
export async function answerUnrouted(c: Context<AppEnv>, methods: readonly string[]): Promise<Response> {
  const { method, path } = c.req;
  if (methods.length > 0) {
    const response = problem(c, refuse('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')}.`));
    response.headers.set('allow', methods.join(', '));
    return response;
  }
  const isPage = (method === 'GET' || method === 'HEAD') && !path.startsWith('/api/');
  if (!isPage || c.env.ASSETS === undefined)
    return problem(c, refuse('NOT_FOUND', 'There is nothing at this address.'));
  const found = await c.env.ASSETS.fetch(new Request(c.req.url, { method, headers: pageHeaders(c) }));
  const page = new Response(found.body, found);
  for (const [name, value] of Object.entries(PAGE_HEADERS)) page.headers.set(name, value);
  return page;
}

/** What a file server needs of a request, and no credentials. */
function pageHeaders(c: Context<AppEnv>): Headers {
  const headers = new Headers();
  for (const name of ['accept', 'accept-encoding', 'if-none-match', 'range']) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  return headers;
}
