import type { Proposal, ProposalStatus, Settlement } from '../../../domain/picking/proposal.ts';
import type { OrderId, Sku, SubstitutionId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

// Ids in our own tables were checked on their way in, so rows are typed as branded.
type ProposalRow = {
  readonly proposal_id: SubstitutionId;
  readonly order_id: OrderId;
  readonly missing: Sku;
  readonly substitute: Sku;
  readonly units: number;
  readonly answer_by_ms: number;
  readonly on_silence: Settlement;
  readonly status: ProposalStatus;
  readonly ended_at_ms: number | null;
};
const COLUMNS = 'proposal_id, order_id, missing, substitute, units, answer_by_ms, on_silence, status, ended_at_ms';

/** A proposal with whose it is. */
export interface OrderProposal {
  readonly orderId: OrderId;
  readonly proposal: Proposal;
}

/** Proposed substitutes as rows. Writes are part of the caller's transaction. */
export class ProposalRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** Of these orders, in the order in which they were made. */
  of(orderIds: readonly OrderId[]): OrderProposal[] {
    return this.#select(
      'order_id IN (SELECT value FROM json_each(?)) ORDER BY answer_by_ms, proposal_id',
      JSON.stringify(orderIds),
    );
  }

  /** Open ones that were to be answered at that moment or before, the oldest first, at most `limit`. */
  unanswered(answerByMs: number, limit: number): OrderProposal[] {
    return this.#select("status = 'PROPOSED' AND answer_by_ms <= ? ORDER BY answer_by_ms LIMIT ?", answerByMs, limit);
  }

  /** By when the first of all open ones is to be answered; `null` when there is none. */
  earliestAnswerMs(): number | null {
    const [row] = this.#sql.all<{ at: number | null }>(
      "SELECT min(answer_by_ms) AS at FROM substitutions WHERE status = 'PROPOSED'",
    );
    return row?.at ?? null;
  }

  save(orderId: OrderId, proposal: Proposal): void {
    this.#sql.run(
      `INSERT INTO substitutions (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (proposal_id) DO UPDATE SET status = excluded.status, ended_at_ms = excluded.ended_at_ms`,
      proposal.proposalId,
      orderId,
      proposal.missing,
      proposal.substitute,
      proposal.units,
      proposal.answerByMs,
      proposal.onSilence,
      proposal.status,
      proposal.endedAtMs,
    );
  }

  #select(where: string, ...bindings: (string | number)[]): OrderProposal[] {
    return this.#sql
      .all<ProposalRow>(`SELECT ${COLUMNS} FROM substitutions WHERE ${where}`, ...bindings)
      .map(toProposal);
  }
}

function toProposal(row: ProposalRow): OrderProposal {
  const { order_id: orderId, missing, substitute, units, status } = row;
  const proposal = {
    proposalId: row.proposal_id,
    missing,
    substitute,
    units,
    answerByMs: row.answer_by_ms,
    onSilence: row.on_silence,
    status,
    endedAtMs: row.ended_at_ms,
  };
  return { orderId, proposal };
}
