import type { Hono } from 'hono';
import { generateSpecs } from 'hono-openapi';
import { toJsonSchema } from '@valibot/to-json-schema';
import { ProblemBody } from '../contracts/http/problem.ts';
import type { AppEnv } from './endpoint.ts';
import { PROBLEM_MEDIA_TYPE } from './problem.ts';

/** Version of the API as its description states it; the path says the major one. */
const API_VERSION = '1.0.0';

/** The API as OpenAPI 3.1, from the schemas that also check what comes in. */
export async function describeApi(app: Hono<AppEnv>): Promise<object> {
  const { $schema: _dialect, ...problem } = toJsonSchema(ProblemBody);
  return generateSpecs(app, {
    documentation: {
      openapi: '3.1.0',
      info: {
        title: 'Kirana',
        version: API_VERSION,
        description:
          'Groceries from dark stores to the door. Money is in minor units, times are RFC 3339 in UTC, distances in metres. Every refusal is a problem document (RFC 9457) with a closed `code`.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/' }],
      tags: TAGS,
      components: {
        securitySchemes: {
          bearer: {
            type: 'http',
            scheme: 'bearer',
            bearerFormat: 'JWT',
            description: 'An access token of `POST /api/v1/users/login`, or the key of an operator or a channel.',
          },
        },
        schemas: { Problem: problem as object },
      },
    },
    // The generator's own entry would document an answer that echoes the input; ours never does.
    defaultValidationErrorResponse: {
      description: '`INVALID_INPUT`: The request is not well formed.',
      content: { [PROBLEM_MEDIA_TYPE]: { schema: { $ref: '#/components/schemas/Problem' } } },
    },
    excludeStaticFile: false,
  });
}

const TAGS = [
  { name: 'Users', description: 'Accounts and sessions.' },
  { name: 'Locations', description: 'Who delivers where.' },
  { name: 'Catalog', description: 'What a store sells, with live stock.' },
  { name: 'Holds', description: 'Stock set aside for a cart or a channel, for some minutes.' },
  { name: 'Orders', description: 'Placing, reading and cancelling orders.' },
  { name: 'Live', description: 'Sockets of customers, tablets and couriers.' },
  {
    name: 'Floor',
    description:
      'For the staff of a store: goods, lots, counts, stock that runs low, layout, transfers, shifts and load.',
  },
  { name: 'Admin', description: 'For operators and their tools.' },
  { name: 'Webhooks', description: 'For payment providers.' },
  { name: 'Health', description: 'For those who watch.' },
];
