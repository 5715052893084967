import { HelloView } from '../../../contracts/http/health.ts';
import { createApp } from '../../../edge/app.ts';
import { endpoint } from '../../../edge/endpoint.ts';

/** The Worker's own ceiling: Kirana's API with one more constant, for a verified channel. `/api/v1/hello` is for anyone. */
export default createApp().get(
  '/api/v1/hello/channel',
  endpoint({
    access: ['channel'],
    tag: 'Health',
    summary: 'A constant for a channel',
    answers: { 200: HelloView },
  }),
  (c) => c.json({ hello: 'kirana' }, 200),
);
