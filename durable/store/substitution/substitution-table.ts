import type { SubstitutionCommands } from '../../../contracts/rpc/store-substitution.ts';
import { refuse } from '../../../contracts/problem.ts';
import type { Handler } from '../command-table.ts';
import { settleSubstitution } from './settle.ts';

export const SUBSTITUTION_HANDLERS: { readonly [N in keyof SubstitutionCommands]: Handler<N> } = {
  SettleSubstitution: {
    denies: (actor) =>
      actor.kind === 'object' && actor.object === 'order'
        ? undefined
        : refuse('FORBIDDEN', 'Only the order itself decides on its substitutes.'),
    refuses: ({ actor, orderId }) =>
      actor.kind === 'object' && actor.id === orderId
        ? undefined
        : refuse('FORBIDDEN', 'An order decides on its own substitutes only.'),
    decide: settleSubstitution,
  },
};
