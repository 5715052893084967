import { Hono } from 'hono';
import { HelloView } from '../../../contracts/http/health.ts';
import { endpoint } from '../../../edge/endpoint.ts';
import type { AppEnv } from '../../../edge/endpoint.ts';
import { cors } from '../../../edge/middleware/cors.ts';
import { limits } from '../../../edge/middleware/limits.ts';
import { requestId } from '../../../edge/middleware/request-id.ts';

const answers = { 200: HelloView };
const tag = 'Health';

/** The Worker's own ceiling: what Kirana puts before every route, and a constant for a verified channel or for anyone. */
export default new Hono<AppEnv>()
  .use(requestId, cors, limits)
  .get('/api/v1/hello', endpoint({ access: ['channel'], tag, summary: 'A constant for a channel', answers }), (c) =>
    c.json({ hello: 'kirana' }, 200),
  )
  .get('/api/v1/hello/open', endpoint({ access: 'public', tag, summary: 'A constant for anyone', answers }), (c) =>
    c.json({ hello: 'kirana' }, 200),
  );
