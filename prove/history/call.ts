import { RPC_VERSION } from '../../contracts/actor.ts';
import type { Actor } from '../../contracts/actor.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { Act } from './act.ts';

/** A command as it was sent, so that it can be sent again. */
export interface Call {
  /** The id under which it is remembered; null for what may be said as often as one likes. */
  readonly opId: string | null;
  send(): Promise<unknown>;
}

/** The acts that are commands; the others are time and repetition. */
export type CommandAct = Exclude<Act, { readonly do: 'pass' | 'fault' | 'again' | 'reuse' }>;
export type Of<N extends Act['do']> = Extract<CommandAct, { readonly do: N }>;

/** What every command carries; the `n`-th act of a history is its own operation. */
export function by(actor: Actor, n: number | string) {
  return { v: RPC_VERSION, actor, opId: asOpId(opIdOf(n)) };
}

export function opIdOf(n: number | string): string {
  return `op-${String(n).padStart(8, '0')}`;
}
