import { DurableObject } from 'cloudflare:workers';
import { readOwnJson } from '../../../contracts/own-json.ts';
import type { OpId, OrderId } from '../../../domain/shared/ids.ts';
import type { Authorize, PaymentAnswer, ProviderPayment, Settle } from '../port.ts';
import { approveLate, authorizeCharge, behaviourOf, captureCharge, refundCharge, voidCharge } from './sandbox-books.ts';
import type { Booking, Charge, SandboxPspRpc, SandboxReply } from './sandbox-books.ts';
import { SANDBOX_SIGNATURE_HEADER, SANDBOX_WEBHOOK_PATH, signNotice } from './webhook.ts';

export interface SandboxPspEnv {
  /** The Worker itself, where the webhooks go. */
  readonly SELF: Fetcher;
  readonly ENVIRONMENT: string;
  /** Absent: no webhooks; whoever waits for one has to ask. */
  readonly SANDBOX_WEBHOOK_SECRET?: string;
}

/** How late `tok_timeout_after_charge` answers: well after any caller's patience. */
const STALL_MS = 3000;
/** How long `tok_approve_slowly` thinks before it answers. */
const SLOW_MS = 300;
/** How long `tok_approve_late` thinks. */
const LATE_MS = 2000;
/** A notice is sent this often, 1 s, 2 s, 4 s … apart, before the provider gives it up. */
const NOTICE_TRIES = 10;
const NOTICES_PER_ALARM = 50;
/** Webhooks are answered fast or sent again. */
const NOTICE_TIMEOUT_MS = 5000;

/**
 * A payment provider with durable books of its own, so that asking it after a crash is honest. For demonstrations and tests:
 * it moves no money and refuses to run in production.
 */
export class SandboxPsp extends DurableObject<SandboxPspEnv> implements SandboxPspRpc {
  readonly #sql: SqlStorage;

  constructor(ctx: DurableObjectState, env: SandboxPspEnv) {
    super(ctx, env);
    if (env.ENVIRONMENT === 'production') throw new Error('the sandbox payment provider does not run in production');
    this.#sql = ctx.storage.sql;
    this.#sql.exec(`
      CREATE TABLE IF NOT EXISTS charges (order_id TEXT PRIMARY KEY, charge TEXT NOT NULL, due_at_ms INTEGER) STRICT, WITHOUT ROWID;
      CREATE INDEX IF NOT EXISTS charges_due ON charges (due_at_ms) WHERE due_at_ms IS NOT NULL;
      CREATE TABLE IF NOT EXISTS ops (op_id TEXT PRIMARY KEY, asked TEXT NOT NULL, answer TEXT NOT NULL) STRICT, WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS notices (event_id TEXT PRIMARY KEY, body TEXT NOT NULL, tries INTEGER NOT NULL, due_at_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    `);
    // A charge is booked before its alarm is set: a crash in between leaves work without one.
    void ctx.blockConcurrencyWhile(() => this.#wakeForNext());
  }

  async authorize(call: Authorize): Promise<SandboxReply> {
    const behaviour = behaviourOf(call.token);
    if (behaviour === 'unavailable') return { status: 503 };
    const repeated = this.#known(call.opId) !== null;
    const reply = this.#once('authorize', call, (charge) => authorizeCharge(charge, call, behaviour));
    if (behaviour === 'approve_late' && !repeated) await this.#wakeIn(LATE_MS);
    if (behaviour === 'approve_slowly' && !repeated) await scheduler.wait(SLOW_MS);
    if (behaviour === 'approve_and_stall' && !repeated) await scheduler.wait(STALL_MS);
    return reply;
  }

  async capture(call: Settle): Promise<SandboxReply> {
    return this.#once('capture', call, (charge) => captureCharge(charge, call));
  }

  async void(call: Settle): Promise<SandboxReply> {
    return this.#once('void', call, (charge) => voidCharge(charge, call));
  }

  async refund(call: Settle): Promise<SandboxReply> {
    return this.#once('refund', call, (charge) => refundCharge(charge, call));
  }

  async find(orderId: OrderId): Promise<ProviderPayment | null> {
    const charge = this.#charge(orderId);
    if (charge === null) return null;
    const { providerRef, status, authorizedMinor, capturedMinor, refundedMinor, currency } = charge;
    return { providerRef, status, authorizedMinor, capturedMinor, refundedMinor, currency };
  }

  override async alarm(): Promise<void> {
    // First, so that a crash in this very run is followed by another one.
    await this.#wakeIn(1000);
    this.#approveDue(Date.now());
    for (const notice of this.#dueNotices(Date.now())) {
      // oxlint-disable-next-line no-await-in-loop -- one webhook at a time is plenty for a sandbox
      const taken = await this.#send(notice.body);
      const tries = notice.tries + 1;
      if (taken || tries >= NOTICE_TRIES) this.#sql.exec('DELETE FROM notices WHERE event_id = ?', notice.event_id);
      else {
        const dueAtMs = Date.now() + 1000 * 2 ** (tries - 1);
        this.#sql.exec(
          'UPDATE notices SET tries = ?, due_at_ms = ? WHERE event_id = ?',
          tries,
          dueAtMs,
          notice.event_id,
        );
      }
    }
    if (this.#nextDueMs() === null) await this.ctx.storage.deleteAlarm();
    else await this.#wakeForNext();
  }

  /** The same opId asks the same and gets the same answer; asking something else under it is refused. */
  #once(method: string, call: Settle | Authorize, book: (charge: Charge | null) => Booking): SandboxReply {
    const asked = JSON.stringify([method, call.orderId, call.amountMinor, call.currency]);
    const known = this.#known(call.opId);
    if (known !== null) return known.asked === asked ? { status: 200, answer: known.answer } : { status: 409 };
    const { charge, answer } = book(this.#charge(call.orderId));
    const isLate = 'token' in call && behaviourOf(call.token) === 'approve_late';
    const dueAtMs = charge?.status === 'PENDING' && isLate ? Date.now() + LATE_MS : null;
    this.ctx.storage.transactionSync(() => {
      if (charge !== null) this.#write(charge, dueAtMs);
      this.#sql.exec(
        'INSERT INTO ops (op_id, asked, answer) VALUES (?, ?, ?)',
        call.opId,
        asked,
        JSON.stringify(answer),
      );
    });
    return { status: 200, answer };
  }

  #known(opId: OpId): { readonly asked: string; readonly answer: PaymentAnswer } | null {
    const row = this.#sql.exec<{ asked: string; answer: string }>(
      'SELECT asked, answer FROM ops WHERE op_id = ?',
      opId,
    );
    const [known] = row.toArray();
    return known === undefined ? null : { asked: known.asked, answer: readOwnJson<PaymentAnswer>(known.answer) };
  }

  #charge(orderId: string): Charge | null {
    const rows = this.#sql.exec<{ charge: string }>('SELECT charge FROM charges WHERE order_id = ?', orderId).toArray();
    return rows[0] === undefined ? null : readOwnJson<Charge>(rows[0].charge);
  }

  #write(charge: Charge, dueAtMs: number | null): void {
    this.#sql.exec(
      `INSERT INTO charges (order_id, charge, due_at_ms) VALUES (?, ?, ?)
       ON CONFLICT (order_id) DO UPDATE SET charge = excluded.charge, due_at_ms = excluded.due_at_ms`,
      charge.orderId,
      JSON.stringify(charge),
      dueAtMs,
    );
  }

  #approveDue(nowMs: number): void {
    const due = this.#sql.exec<{ charge: string }>('SELECT charge FROM charges WHERE due_at_ms <= ?', nowMs).toArray();
    for (const row of due) {
      const charge = readOwnJson<Charge>(row.charge);
      const eventId = `evt_${crypto.randomUUID().replaceAll('-', '')}`;
      const body = JSON.stringify({ id: eventId, type: 'payment.approved', orderId: charge.orderId });
      this.ctx.storage.transactionSync(() => {
        this.#write(approveLate(charge), null);
        this.#sql.exec(
          'INSERT INTO notices (event_id, body, tries, due_at_ms) VALUES (?, ?, 0, ?)',
          eventId,
          body,
          nowMs,
        );
      });
    }
  }

  #dueNotices(nowMs: number): { event_id: string; body: string; tries: number }[] {
    return this.#sql
      .exec<{ event_id: string; body: string; tries: number }>(
        'SELECT event_id, body, tries FROM notices WHERE due_at_ms <= ? ORDER BY due_at_ms LIMIT ?',
        nowMs,
        NOTICES_PER_ALARM,
      )
      .toArray();
  }

  #nextDueMs(): number | null {
    const query =
      'SELECT min(due_at_ms) AS due FROM (SELECT due_at_ms FROM charges UNION ALL SELECT due_at_ms FROM notices)';
    return this.#sql.exec<{ due: number | null }>(query).one().due;
  }

  async #wakeForNext(): Promise<void> {
    const nextMs = this.#nextDueMs();
    if (nextMs !== null) await this.#wakeIn(Math.max(1, nextMs - Date.now()));
  }

  /** Wakes by then at the latest; an alarm that is due earlier stays. */
  async #wakeIn(ms: number): Promise<void> {
    const atMs = Date.now() + ms;
    const setMs = await this.ctx.storage.getAlarm();
    if (setMs === null || setMs > atMs) await this.ctx.storage.setAlarm(atMs);
  }

  async #send(body: string): Promise<boolean> {
    const secret = this.env.SANDBOX_WEBHOOK_SECRET;
    if (secret === undefined) return true;
    try {
      const response = await this.env.SELF.fetch(`https://kirana.invalid${SANDBOX_WEBHOOK_PATH}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          [SANDBOX_SIGNATURE_HEADER]: signNotice(secret, body, Date.now()),
        },
        body,
        signal: AbortSignal.timeout(NOTICE_TIMEOUT_MS),
      });
      return response.ok;
    } catch {
      return false;
    }
  }
}
