import { createHash } from 'node:crypto';
import { Hono } from 'hono';
import * as v from 'valibot';
import { RPC_VERSION } from '../../contracts/actor.ts';
import { OrderView } from '../../contracts/http/orders.ts';
import { AnswerSubstitutionBody } from '../../contracts/http/substitutions.ts';
import { OrderIdText, SubstitutionIdText } from '../../contracts/wire.ts';
import { asOpId, asOrderId, asSubstitutionId } from '../../domain/shared/ids.ts';
import { orderStub } from '../../durable/stubs.ts';
import { endpoint } from '../endpoint.ts';
import type { AppEnv } from '../endpoint.ts';
import { traceparentOf } from '../middleware/request-id.ts';
import { askObject } from '../object-call.ts';
import { problem } from '../problem.ts';
import { body, params } from '../validate.ts';

const SubstitutionParams = v.strictObject({ orderId: OrderIdText, proposalId: SubstitutionIdText });

/** The customer's word about what the store proposes instead of a missing article. */
export const substitutions = new Hono<AppEnv>()
  .post(
    '/orders/:orderId/substitutions/:proposalId',
    endpoint({
      access: ['customer'],
      tag: 'Orders',
      summary: 'Approve or decline a substitute',
      description:
        'Open ones are in `substitutions` of your order, and on its socket as they come. The first of your answer, the time that runs out and the store that cannot bring it counts; the same answer again is the same answer.',
      answers: { 200: OrderView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'SUBSTITUTION_OVER', 'UNAVAILABLE'],
    }),
    params(SubstitutionParams),
    body(AnswerSubstitutionBody),
    async (c) => {
      const { actor } = c.var;
      const { orderId, proposalId } = c.req.valid('param');
      const answer = c.req.valid('json').answer === 'APPROVE' ? ('APPROVED' as const) : ('DECLINED' as const);
      // What is said names the operation: a customer who says it again says the same.
      const said = createHash('sha256').update(`${actor.userId}\n${proposalId}\n${answer}`).digest('hex');
      const command = {
        v: RPC_VERSION,
        actor,
        opId: asOpId(`substitution:${said}`),
        traceparent: traceparentOf(c),
        proposalId: asSubstitutionId(proposalId),
        answer,
      };
      const answered = await askObject(() => orderStub(c.env, asOrderId(orderId)).answerSubstitution(command));
      return answered.ok ? c.json(answered.value, 200) : problem(c, answered.error);
    },
  )
  .post(
    '/orders/:orderId/overweight',
    endpoint({
      access: ['customer'],
      tag: 'Orders',
      summary: 'Pay for weight above the ceiling, or not',
      description:
        'Asked with `money.overweight` of the tracking and on the socket, when what is reserved would pay for it. Silence is a no.',
      answers: { 200: OrderView },
      refuses: ['INVALID_INPUT', 'NOT_FOUND', 'QUESTION_OVER', 'UNAVAILABLE'],
    }),
    params(v.strictObject({ orderId: OrderIdText })),
    body(AnswerSubstitutionBody),
    async (c) => {
      const { actor } = c.var;
      const { orderId } = c.req.valid('param');
      const answer = c.req.valid('json').answer === 'APPROVE' ? ('APPROVED' as const) : ('DECLINED' as const);
      const opId = asOpId(`overweight:${actor.userId}:${answer}`);
      const command = { v: RPC_VERSION, actor, opId, traceparent: traceparentOf(c), answer };
      const answered = await askObject(() => orderStub(c.env, asOrderId(orderId)).answerOverweight(command));
      return answered.ok ? c.json(answered.value, 200) : problem(c, answered.error);
    },
  );
