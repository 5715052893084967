import type { ProposalAnswer, ProposalStatus } from '../../domain/picking/proposal.ts';
import type { OrderId, SubstitutionId } from '../../domain/shared/ids.ts';
import type { Command } from '../actor.ts';

/** From the order: how a proposed substitute was answered, by the customer, the preference or the clock. */
export interface SettleSubstitution extends Command {
  readonly do: 'SettleSubstitution';
  readonly orderId: OrderId;
  readonly proposalId: SubstitutionId;
  readonly answer: ProposalAnswer;
}
export interface SubstitutionSettled {
  /** `WITHDRAWN` when the units were gone by then. */
  readonly status: ProposalStatus;
}

/** What an order tells the floor about substitutes. */
export interface SubstitutionCommands {
  readonly SettleSubstitution: {
    readonly command: SettleSubstitution;
    readonly answer: SubstitutionSettled;
    readonly refuses: 'TASK_NOT_FOUND';
  };
}
