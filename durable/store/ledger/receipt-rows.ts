import { createHash } from 'node:crypto';
import { refuse } from '../../../contracts/problem.ts';
import type { Refusal } from '../../../contracts/problem.ts';
import type { ReceiptView } from '../../../contracts/rpc/store.ts';
import type { ReceivedLine } from '../../../domain/inventory/lot-receipt.ts';
import { err, ok } from '../../../domain/shared/result.ts';
import type { Result } from '../../../domain/shared/result.ts';
import type { OpId } from '../../../domain/shared/ids.ts';
import type { SqlPort } from '../../kit/sql.ts';

type ReceiptRow = { readonly lines_digest: string; readonly lines: number; readonly units: number };

/** Goods-received notes: the note's id says whether its goods are in, whatever operation brought it, and for ever. */
export class ReceiptRows {
  readonly #sql: SqlPort;
  constructor(sql: SqlPort) {
    this.#sql = sql;
  }

  /** The note as it was received before; `undefined` when it is new; a refusal when its lines were others. */
  find(receiptId: string, lines: readonly ReceivedLine[]): Result<ReceiptView | undefined, Refusal<'OP_ID_REUSED'>> {
    const row = this.#sql.all<ReceiptRow>(
      'SELECT lines_digest, lines, units FROM receipts WHERE receipt_id = ?',
      receiptId,
    )[0];
    if (row === undefined) return ok(undefined);
    if (row.lines_digest !== digest(lines)) {
      return err(refuse('OP_ID_REUSED', `Receipt ${receiptId} was received with other lines.`, { lines: row.lines }));
    }
    return ok({ receiptId, lines: row.lines, units: row.units, repeated: true });
  }

  add(receiptId: string, lines: readonly ReceivedLine[], { opId, atMs }: { opId: OpId; atMs: number }): ReceiptView {
    const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    this.#sql.run(
      'INSERT INTO receipts (receipt_id, lines_digest, lines, units, op_id, received_at_ms) VALUES (?, ?, ?, ?, ?, ?)',
      receiptId,
      digest(lines),
      lines.length,
      units,
      opId,
      atMs,
    );
    return { receiptId, lines: lines.length, units, repeated: false };
  }
}

/** Of lines that are merged and in order. */
function digest(lines: readonly ReceivedLine[]): string {
  return createHash('sha256').update(JSON.stringify(lines)).digest('base64url');
}
