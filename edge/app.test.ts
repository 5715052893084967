import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import * as v from 'valibot';
import { ProblemBody } from '../contracts/http/problem.ts';
import { ACTORS, bearerOf, emptyEdgeEnv, EXECUTION_CONTEXT } from '../test/support/edge-env.ts';
import { createApp } from './app.ts';
import type { EdgeEnv } from './env.ts';

const app = createApp();
let env: EdgeEnv;

beforeAll(async () => {
  env = await emptyEdgeEnv();
});
beforeEach(() => {
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

async function call(path: string, init: RequestInit = {}, environment: EdgeEnv = env): Promise<Response> {
  return app.request(path, init, environment, EXECUTION_CONTEXT);
}

async function post(path: string, body: string, headers: Record<string, string> = {}): Promise<Response> {
  const all = { 'content-type': 'application/json', 'content-length': String(body.length), ...headers };
  return call(path, { method: 'POST', body, headers: all });
}

async function problemOf(response: Response): Promise<ProblemBody> {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  return v.parse(ProblemBody, await response.json());
}

describe('a refusal', () => {
  test('is a problem document with the id of its request [X1]', async () => {
    const response = await call('/api/v1/users/profile');
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 401, code: 'UNAUTHENTICATED', title: 'Sign in first' });
    expect(problem.requestId).toBe(response.headers.get('x-request-id'));
    expect(response.status).toBe(401);
  });

  test('carries on the trace of the caller, and only a well-formed one [B3]', async () => {
    const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
    const traced = await call('/healthz', { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } });
    expect(traced.headers.get('x-request-id')).toBe(trace);
    const forged = await call('/healthz', { headers: { traceparent: 'x"; drop table' } });
    expect(forged.headers.get('x-request-id')).toMatch(/^[0-9a-f]{32}$/);
  });

  test('says what was expected where, and never what was sent [X8]', async () => {
    const secret = 'hunter2-hunter2';
    const body = { phone: secret, password: [secret], name: '', deviceId: `${secret}!`, [`${secret} x`]: 1 };
    const response = await post('/api/v1/users/register', JSON.stringify(body));
    const text = await response.clone().text();
    const { code, detail, numbers } = await problemOf(response);
    expect({ code, detail }).toEqual({
      code: 'INVALID_INPUT',
      detail: 'Correct the body: phone, name, password, deviceId, ?.',
    });
    expect(numbers).toMatchObject({
      issues: [{ path: 'phone', rule: 'regex' }, { path: 'name', rule: 'min_length', expected: '>=1' }, {}, {}, {}, {}],
    });
    expect(text).not.toContain('hunter2');
  });

  test('names the methods an address has [X1]', async () => {
    const response = await call('/api/v1/users/profile', { method: 'DELETE' });
    expect((await problemOf(response)).code).toBe('METHOD_NOT_ALLOWED');
    expect(response.headers.get('allow')).toBe('GET, PUT');
  });

  test('of something that broke says nothing of it, and the log has it under the same id [X8]', async () => {
    const broken = await emptyEdgeEnv({
      CATALOG: { get: () => Promise.resolve('{"version":1,"cities":[],"zones":[],"stores":[]}') },
      STORE: null,
      ORDER: { getByName: () => ({ view: () => Promise.reject(new Error('secret internals')) }) },
    });
    const authorization = await bearerOf(broken, ACTORS.customer);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    const response = await call(`/api/v1/orders/ord_${'0'.repeat(26)}`, { headers: { authorization } }, broken);
    const problem = await problemOf(response);
    expect(problem).toMatchObject({ status: 500, code: 'INTERNAL' });
    expect(JSON.stringify(problem)).not.toContain('secret');
    const lines = log.mock.calls.map(([line]) => String(line));
    expect(lines.some((line) => line.includes('secret internals') && line.includes(problem.requestId))).toBe(true);
  });
});

describe('what arrives has a bound', () => {
  const large = JSON.stringify({ refreshToken: 'x'.repeat(256 * 1024) });

  test.each([
    ['a body of 256 kB', () => post('/api/v1/users/logout', large), 'PAYLOAD_TOO_LARGE'],
    [
      'an address of 4,096 characters',
      () => call(`/api/v1/catalog?lat=1&lng=1&category=${'x'.repeat(4_096)}`),
      'PAYLOAD_TOO_LARGE',
    ],
    [
      'a header of 4,096 characters',
      () => call('/healthz', { headers: { 'if-none-match': 'x'.repeat(4_097) } }),
      'PAYLOAD_TOO_LARGE',
    ],
    ['a body that is no JSON', () => post('/api/v1/users/logout', '{"a":'), 'INVALID_INPUT'],
    [
      'a form',
      () => post('/api/v1/users/logout', 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'JSON by another name',
      () => post('/api/v1/users/logout', '{}', { 'content-type': 'text/plain' }),
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a page of 101', () => call('/api/v1/catalog?lat=1&lng=1&limit=101'), 'INVALID_INPUT'],
    ['a latitude of 91', () => call('/api/v1/catalog?lat=91&lng=1'), 'INVALID_INPUT'],
    ['a longitude that is no number', () => call('/api/v1/locations/resolve?lat=1&lng=east'), 'INVALID_INPUT'],
    ['a parameter nobody asked for', () => call('/api/v1/locations/resolve?lat=1&lng=1&admin=1'), 'INVALID_INPUT'],
    ['an id that is none', () => call('/api/v1/stores/1%27%20OR%201=1/catalog'), 'INVALID_INPUT'],
  ])('%s [X8]', async (_, send, code) => {
    expect((await problemOf(await send())).code).toBe(code);
  });

  test('a body without a length is counted as it comes [X8]', async () => {
    const chunks = new ReadableStream({
      pull(controller) {
        controller.enqueue(new TextEncoder().encode('x'.repeat(64 * 1024)));
      },
    });
    const init = { method: 'POST', body: chunks, duplex: 'half', headers: { 'content-type': 'application/json' } };
    expect((await problemOf(await call('/api/v1/users/logout', init))).code).toBe('PAYLOAD_TOO_LARGE');
  });

  test.each([
    ['10.1', true],
    ['-90.0', true],
    ['90.5', false],
    ['1e3', false],
    ['١٢', false],
    ['12.97165432109876', false],
  ])('the latitude %s: %s [L1]', async (lat, good) => {
    const { status } = await call(`/api/v1/locations/resolve?lat=${encodeURIComponent(lat)}&lng=77.6`);
    expect(status).toBe(good ? 503 : 400);
  });
});

describe('pages of other origins', () => {
  test('may call the API when they are listed, without credentials [X8]', async () => {
    const headers = { origin: 'https://shop.example', 'access-control-request-method': 'POST' };
    const preflight = await call('/api/v1/orders', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe('https://shop.example');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await call('/api/v1/hello', { headers });
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://shop.example');
  });

  test('may not when they are not [X8]', async () => {
    const answer = await call('/api/v1/hello', { headers: { origin: 'https://evil.example' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('pages', () => {
  function withPages(): Promise<{ environment: EdgeEnv; asked: Request[] }> {
    const asked: Request[] = [];
    const ASSETS = {
      fetch(request: Request) {
        asked.push(request);
        return Promise.resolve(new Response('<h1>Kirana</h1>', { headers: { 'content-type': 'text/html' } }));
      },
    };
    return emptyEdgeEnv({ ASSETS }).then((environment) => ({ environment, asked }));
  }

  test('come from the files, under a policy that lets in nothing foreign [X8]', async () => {
    const { environment, asked } = await withPages();
    const headers = { authorization: 'Bearer secret', cookie: 'a=b', accept: 'text/html' };
    const page = await call('/', { headers }, environment);
    expect(await page.text()).toBe('<h1>Kirana</h1>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(Object.fromEntries(asked[0]?.headers ?? [])).toEqual({ accept: 'text/html' });
  });

  test('are not looked for under the API, nor by anything but reading', async () => {
    const { environment, asked } = await withPages();
    expect((await call('/api/v1/nothing', {}, environment)).status).toBe(404);
    expect((await call('/index.html', { method: 'POST' }, environment)).status).toBe(404);
    expect(asked).toEqual([]);
  });
});

describe('the description', () => {
  test('is OpenAPI 3.1 and names every route with its refusals [X1]', async () => {
    const spec = v.parse(
      v.looseObject({
        openapi: v.string(),
        paths: v.record(
          v.string(),
          v.record(v.string(), v.looseObject({ responses: v.record(v.string(), v.looseObject({})) })),
        ),
      }),
      await (await call('/openapi.json')).json(),
    );
    expect(spec.openapi).toBe('3.1.0');
    const described = Object.entries(spec.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const routed = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
    expect(described.toSorted()).toEqual([...new Set(routed)].toSorted());
    expect(JSON.stringify(spec)).not.toContain('"success"');
    for (const methods of Object.values(spec.paths)) {
      for (const { responses } of Object.values(methods)) expect(Object.keys(responses)).toContain('default');
    }
  });

  test('is the same wherever it is asked for', async () => {
    const [root, versioned] = [await call('/openapi.json'), await call('/api/v1/openapi.json')];
    expect(await root.text()).toBe(await versioned.text());
  });
});

test('every route is found by one expression: a name beside a parameter would make the slower router find them all', () => {
  app.router.match('GET', '/api/v1/hello');
  expect(app.router.name).toBe('SmartRouter + RegExpRouter');
});
