/** A line of the product that keeps a promise, and what stands there when it is broken. */
export interface Guard {
  readonly name: string;
  readonly file: string;
  /** As it is written: once in the file. */
  readonly intact: string;
  readonly broken: string;
  /** The tests of which at least one must fail then. */
  readonly tests: readonly string[];
}

const HOLD_BATCH = 'durable/store/holds/hold-batch.test.ts';
const HOLD = 'domain/inventory/hold.test.ts';
const SERVICE = 'durable/store/capacity/service-watch.test.ts';
const SUBSTITUTION = 'durable/store/substitution/substitution.test.ts';
const TABLES = 'durable/store/migrations/store-migrations.test.ts';

/** What stands between the store and a broken promise. */
export const GUARDS: readonly Guard[] = [
  {
    name: 'a SKU on two lines counts once, summed',
    file: 'domain/inventory/basket-lines.ts',
    intact: 'const sum = (units.get(sku) ?? 0) + quantity;',
    broken: 'const sum = quantity;',
    tests: ['domain/inventory/basket-lines.test.ts', HOLD_BATCH],
  },
  {
    name: 'no more is held than can be sold',
    file: 'domain/inventory/hold.ts',
    intact: 'if (quantity > available) shortages.push',
    broken: 'if (quantity > available + 1) shortages.push',
    tests: [HOLD],
  },
  {
    name: 'a movement takes no more than there is',
    file: 'domain/inventory/ledger.ts',
    intact: 'if (remaining < 0) return',
    broken: 'if (remaining < -1) return',
    tests: ['domain/inventory/ledger.test.ts'],
  },
  {
    name: 'no bucket of the table goes below zero',
    file: 'durable/store/migrations/001-init.ts',
    intact: 'available INTEGER NOT NULL DEFAULT 0 CHECK (available >= 0),',
    broken: 'available INTEGER NOT NULL DEFAULT 0,',
    tests: [TABLES],
  },
  {
    name: 'the table conserves units',
    file: 'durable/store/migrations/001-init.ts',
    intact: 'CONSTRAINT stock_conserved CHECK (',
    broken: 'CONSTRAINT stock_conserved CHECK (true OR ',
    tests: [TABLES],
  },
  {
    name: 'each decision of a batch rests on those before it',
    file: 'domain/inventory/ledger.ts',
    intact: 'for (const [sku, account] of changed) working.set(sku, account);',
    broken: '',
    tests: [HOLD_BATCH],
  },
  {
    name: 'an operation that was answered is not done again',
    file: 'durable/kit/ops.ts',
    intact: 'if (known !== undefined) return readOwnJson<Result<T, E>>(known.answer);',
    broken: '',
    tests: ['durable/kit/storage.test.ts'],
  },
  {
    name: 'an operation with another body is refused',
    file: 'durable/kit/ops.ts',
    intact: 'known.body_digest !== digest',
    broken: 'false',
    tests: ['durable/kit/storage.test.ts'],
  },
  {
    name: 'a hold that was granted is not granted again',
    file: 'durable/store/holds/hold-batch.ts',
    intact: 'if (existing !== undefined) {',
    broken: 'if (existing === null) {',
    tests: [HOLD_BATCH],
  },
  {
    name: 'a hold is found after its name has moved to the large table',
    file: 'durable/store/holds/hold-names.ts',
    intact: 'INSERT INTO hold_names SELECT hash, position FROM hold_names_new ORDER BY hash, position',
    broken: 'SELECT 1',
    tests: ['durable/store/holds/hold-names.test.ts'],
  },
  {
    name: 'a hold is not ended before its time',
    file: 'domain/inventory/hold.ts',
    intact: "existing.status !== 'HELD' || existing.expiresAtMs > nowMs",
    broken: "existing.status !== 'HELD'",
    tests: [HOLD],
  },
  {
    name: 'what is over is free before others are decided',
    file: 'durable/store/holds/hold-batch.ts',
    intact: 'if (over !== null && over <= nowMs) expireDue(books, nowMs);',
    broken: '',
    tests: [HOLD_BATCH],
  },
  {
    name: 'a release that overtakes its hold has the last word',
    file: 'domain/inventory/hold.ts',
    intact: 'return alive.ok ? ok(unchanged(alive.value)) : alive;',
    broken: 'return ok(unchanged(existing));',
    tests: [HOLD, HOLD_BATCH],
  },
  {
    name: 'a commit is one transaction',
    file: 'durable/kit/object-kit.ts',
    intact: 'const value = this.sql.transaction(body);',
    broken: 'const value = body();',
    tests: ['durable/kit/object-kit.test.ts'],
  },
  {
    name: 'one hold that cannot be decided does not take the batch with it',
    file: 'durable/store/holds/hold-queue.ts',
    intact: 'for (const waiting of batch) this.#decide([waiting]);',
    broken: '',
    tests: ['durable/store/holds/hold-queue.test.ts'],
  },
  {
    name: 'the queue of holds is bounded',
    file: 'durable/store/holds/hold-queue.ts',
    intact: 'if (this.#waiting.length >= WAITING_MAX)',
    broken: 'if (this.#waiting.length < 0)',
    tests: ['durable/store/holds/hold-queue.test.ts'],
  },
  {
    name: 'a lot past its sell-by is not sold',
    file: 'durable/store/holds/hold-batch.ts',
    intact: 'withholdClosed(books, skus, nowMs);',
    broken: '',
    tests: ['durable/store/goods/lot-closing.test.ts'],
  },
  {
    name: 'a level that does not agree with its ledger is seen',
    file: 'durable/store/ledger/audit-rows.ts',
    intact: 'WHERE gap > 0 OR missing > 0',
    broken: 'WHERE gap > 1000000',
    tests: ['durable/store/ledger/auditor.test.ts'],
  },
  {
    name: 'an order does not take over a cart that had to give way for it',
    file: 'durable/store/holds/hold-commands.ts',
    intact: 'const standing = existing === undefined ? undefined : books.holds.find(holdId);',
    broken: 'const standing = existing;',
    tests: ['durable/store/goods/lot-closing.test.ts'],
  },
  {
    name: 'a hold that a wrong level cannot give back holds up no other',
    file: 'durable/store/holds/hold-expiry.ts',
    intact: 'if (!lines.ok) continue;',
    broken: "if (!lines.ok) throw new Error('overdrawn');",
    tests: ['durable/store/ledger/auditor.test.ts'],
  },
  {
    name: 'a hold of a SKU that has lost its level holds up no other',
    file: 'durable/store/holds/hold-expiry.ts',
    intact: '|| step.movements.some(({ sku }) => !accounts.has(sku))',
    broken: '',
    tests: ['durable/store/ledger/auditor.test.ts'],
  },
  {
    name: 'nothing is counted against a level in doubt',
    file: 'durable/store/counts/count-commands.ts',
    intact: '?.quarantined === true) {',
    broken: '=== undefined) {',
    tests: ['durable/store/counts/count-commands.test.ts'],
  },
  {
    name: 'a shelf that does not add up keeps no other lot from being closed',
    file: 'durable/store/goods/lot-closing.ts',
    intact: '.filter(([sku]) => !faulty.has(sku)));',
    broken: ');',
    tests: ['durable/store/goods/lot-closing.test.ts'],
  },
  {
    name: 'a quarantine is not lifted at fewer units than none',
    file: 'durable/store/ledger/lift-quarantine.ts',
    intact: 'if (overdrawnUnits > 0) {',
    broken: 'if (overdrawnUnits < 0) {',
    tests: ['durable/store/ledger/auditor.test.ts'],
  },
  {
    name: 'nobody releases the hold of somebody else',
    file: 'durable/store/holds/hold-commands.ts',
    intact: 'if (existing !== undefined && !ownsHold(actor, existing)) return err(NOT_FOUND);',
    broken: '',
    tests: [HOLD_BATCH],
  },
  {
    name: 'a paused store takes no new basket',
    file: 'durable/store/holds/hold-batch.ts',
    intact: "if (desk.paused !== null && command.actor.kind !== 'operator') return err(desk.paused);",
    broken: '',
    tests: [SERVICE],
  },
  {
    name: 'a closed store takes no new basket',
    file: 'durable/store/holds/hold-batch.ts',
    intact: 'if (command.onlyKnown === true) return err(CLOSED);',
    broken: '',
    tests: [HOLD_BATCH],
  },
  {
    name: 'no memory of a service state outlives a commit that failed',
    file: 'durable/store/capacity/service-rows.ts',
    intact: 'this.#known = undefined;',
    broken: 'this.#known = { state, sinceMs, pin };',
    tests: [SERVICE],
  },
  {
    name: 'a service state is kept for its dwell time',
    file: 'domain/capacity/service-state.ts',
    intact: 'if (nowMs < mayAtMs) return { service, lookAtMs: mayAtMs };',
    broken: '',
    tests: ['domain/capacity/service-state.test.ts'],
  },
  {
    name: 'nothing with an allergen to avoid is proposed',
    file: 'domain/picking/substitution.ts',
    intact: "if (harmful.length > 0) return { sku, why: 'ALLERGEN'",
    broken: "if (harmful.length > 99) return { sku, why: 'ALLERGEN'",
    tests: ['domain/picking/substitution.test.ts', SUBSTITUTION],
  },
  {
    name: 'an order says no to an allergen, whoever proposes it',
    file: 'domain/order/substitution.ts',
    intact: 'if (harmfulAllergens(allergens, avoidAllergens).length > 0)',
    broken: 'if (harmfulAllergens(allergens, avoidAllergens).length > 99)',
    tests: ['domain/order/substitution.test.ts'],
  },
  {
    name: 'a yes to units that are gone gives nothing',
    file: 'domain/picking/substitute.ts',
    intact: 'if (!kept || !isPicked)',
    broken: 'if (!isPicked)',
    tests: [SUBSTITUTION],
  },
  {
    name: 'a substitute costs no more than what it stands in for',
    file: 'domain/order/substitution.ts',
    intact: 'Math.min(line.unitPriceMinor, priceMinor)',
    broken: 'priceMinor',
    tests: ['domain/order/substitution.test.ts'],
  },
  {
    name: 'two pickers never have one order',
    file: 'domain/picking/claim.ts',
    intact:
      "return task.pickerId === pickerId ? ok(unchanged(task)) : err({ code: 'TASK_TAKEN', pickerId: task.pickerId });",
    broken: 'return ok(unchanged(task));',
    tests: ['domain/picking/claim.test.ts'],
  },
  {
    name: 'only an accepted order is claimed',
    file: 'domain/picking/claim.ts',
    intact: "if (task.status !== 'ACCEPTED') return wrongStep(task, 'ACCEPTED');",
    broken: '',
    tests: ['domain/picking/claim.test.ts'],
  },
  {
    name: 'who lost a claim goes on with it only while nobody else has claimed the task',
    file: 'domain/picking/offline.ts',
    intact: "if (task.status !== 'ACCEPTED' || task.lapsedFrom !== pickerId) return ok(undefined);",
    broken: "if (task.status !== 'ACCEPTED') return ok(undefined);",
    tests: ['domain/picking/offline.test.ts'],
  },
  {
    name: 'the code of the courier has so many tries and no more',
    file: 'domain/picking/handover.ts',
    intact: 'if (nowMs < tries.lockedUntilMs) return',
    broken: 'if (nowMs < 0) return',
    tests: ['domain/picking/handover.test.ts'],
  },
  {
    name: 'all bags of the order leave, and no other',
    file: 'domain/picking/handover.ts',
    intact: 'if (missing.length + foreign.length > 0) return',
    broken: 'if (missing.length + foreign.length > 99) return',
    tests: ['domain/picking/handover.test.ts'],
  },
  {
    name: 'who wants no substitute is proposed none',
    file: 'domain/picking/substitution.ts',
    intact: "if (preference?.kind === 'do_not_substitute' || preference?.kind === 'refund') {",
    broken: 'if (preference === undefined) {',
    tests: ['domain/picking/substitution.test.ts'],
  },
  {
    name: 'goods that come by van too late to be sold are blocked',
    file: 'durable/store/transfers/transfer-goods.ts',
    intact: 'if (arrivals.length === 0) return;',
    broken: 'if (arrivals.length >= 0) return;',
    tests: ['durable/store/transfers/transfer-lots.test.ts'],
  },
  {
    name: 'what is missing on a van is of the lots that last longest',
    file: 'domain/inventory/transfer-lots.ts',
    intact: '.toSorted(byBestBefore)',
    broken: '.toSorted((a, b) => byBestBefore(b, a))',
    tests: ['durable/store/transfers/transfer-lots.test.ts'],
  },
  {
    name: 'a transfer that came twice moves its units once',
    file: 'durable/store/transfers/transfer-commands.ts',
    intact: 'expectTransfer(known, {',
    broken: 'expectTransfer(undefined, {',
    tests: ['durable/store/transfers/transfer-commands.test.ts'],
  },
];
