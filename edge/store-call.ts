import type { Context } from 'hono';
import { RPC_VERSION } from '../contracts/actor.ts';
import type { Command } from '../contracts/actor.ts';
import type { Refusal } from '../contracts/problem.ts';
import type { StoreCommand, StoreCommandName, StoreCommands } from '../contracts/rpc/store-commands.ts';
import type { StoreQuestion, StoreQuestionName, StoreQuestions } from '../contracts/rpc/store-questions.ts';
import type { SignedInActor } from '../contracts/rpc/session.ts';
import { asStoreId } from '../domain/shared/ids.ts';
import type { Result } from '../domain/shared/result.ts';
import { clientOpId } from '../durable/kit/ops.ts';
import { storeStub } from '../durable/stubs.ts';
import type { AppEnv } from './endpoint.ts';
import { traceparentOf } from './middleware/request-id.ts';
import { askObject } from './object-call.ts';
import { Storefront } from './storefront.ts';

/** What a route that works in a store says of the header that it may carry. */
export const RETRY_KEY_HEADER = {
  'idempotency-key': { required: false, description: 'Makes a retry of this very call known.' },
};

export interface StaffEnv {
  readonly Bindings: AppEnv['Bindings'];
  readonly Variables: AppEnv['Variables'] & { readonly actor: SignedInActor };
}

/** What a command carries besides what it wants: who wants it, and an id that a retry with the same key has too. */
export function signedBy<E extends StaffEnv>(c: Context<E>): Command {
  const { actor } = c.var;
  const key = c.req.header('idempotency-key') ?? crypto.randomUUID();
  return { v: RPC_VERSION, actor, opId: clientOpId(actor, key), traceparent: traceparentOf(c) };
}

/** Tells a store of the network what to do. A made-up id must not bring an object into being. */
export async function tellStore<E extends StaffEnv, N extends StoreCommandName>(
  c: Context<E>,
  storeId: string,
  command: StoreCommand<N>,
): Promise<Result<StoreCommands[N]['answer'], Refusal>> {
  const store = await new Storefront(c).store(asStoreId(storeId));
  return store.ok ? askObject(() => storeStub(c.env, store.value.id).execute(command)) : store;
}

/** Asks a store of the network something. */
export async function askStore<E extends StaffEnv, N extends StoreQuestionName>(
  c: Context<E>,
  storeId: string,
  question: StoreQuestion<N>,
): Promise<Result<StoreQuestions[N]['answer'], Refusal>> {
  const store = await new Storefront(c).store(asStoreId(storeId));
  return store.ok ? askObject(() => storeStub(c.env, store.value.id).ask(question)) : store;
}
