import { Hono } from 'hono';
import { DemoLogins, HealthView, HelloView, ReadinessView } from '../../contracts/http/health.ts';
import { readConfig } from '../env.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { readReadiness } from '../readiness.ts';
import { Storefront } from '../storefront.ts';

/** For those who watch: `healthz` says the process is up, `readyz` says whether orders can be placed. */
export const health = new Hono<AppEnv>()
  .get(
    '/healthz',
    endpoint({ access: 'public', tag: 'Health', summary: 'The process is up', answers: { 200: HealthView } }),
    (c) => c.json({ ok: true as const }, 200),
  )
  .get(
    '/readyz',
    endpoint({
      access: 'public',
      tag: 'Health',
      summary: 'Whether orders can be placed, and how each part does',
      answers: { 200: ReadinessView, 503: ReadinessView },
    }),
    async (c) => {
      const view = await readReadiness(c.env, new Storefront(c));
      return c.json(view, view.ready ? 200 : 503);
    },
  );

export const hello = new Hono<AppEnv>()
  .get(
    '/hello',
    endpoint({
      access: 'public',
      tag: 'Health',
      summary: 'A constant: what a request costs',
      answers: { 200: HelloView },
    }),
    (c) => c.json({ hello: 'kirana' }, 200),
  )
  .get(
    '/demo/logins',
    endpoint({
      access: 'public',
      tag: 'Health',
      summary: 'Who can sign in here, where this is a demonstration',
      description: 'Empty anywhere else.',
      answers: { 200: DemoLogins },
    }),
    (c) => c.json({ logins: [...readConfig(c.env).demoLogins] }, 200),
  );
