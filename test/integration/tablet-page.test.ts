import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import type { CourierDelta, CourierState } from '../../contracts/ws/courier.ts';
import { demoAssortment, openingStock } from '../../db/seed/assortment.ts';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import type { DemoStore } from '../../db/seed/network.ts';
import { layoutOfBins, packingPlace, placeOfBin, walkM } from '../../domain/picking/layout.ts';
import { LiveSocket } from '../../scripts/client/live-socket.ts';
import { Session } from '../../scripts/client/session.ts';
import { browserOrSkip, complaintsOf } from '../support/browser.ts';
import { start } from '../support/running-start.ts';
import type { RunningStart } from '../support/running-start.ts';

/** A cheap phone. */
const PHONE = { width: 360, height: 640 };
const [STORE, WAVE_STORE] = DEMO_STORES;
/** Articles of which the store has plenty, with a code on their packs. */
const BRANDED = STORE === undefined ? [] : plentyOf(STORE);

/** With a courier or without. */
const PACKED = /^(PACKED|ASSIGNED_TO_PARTNER)$/;

const browser = await browserOrSkip();

describe.skipIf(browser === undefined)('the page of a picker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirana-tablet-'));
  let running: RunningStart;
  let customer: Session;

  beforeAll(async () => {
    // PostgreSQL runs as a user of its own when we are root, and has to walk through.
    chmodSync(folder, 0o755);
    running = await start(folder, '--port', '0');
    customer = new Session(running.verdict.url, loginOf('customer'));
  });
  afterAll(async () => {
    await browser?.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An order at a store, paid at the door. */
  async function orderAt(store: DemoStore, lines: readonly { sku: string; quantity: number }[]): Promise<OrderView> {
    const body = { deliverTo: { ...store.location, note: '' }, lines, payment: { method: 'cod' } };
    const headers = { 'idempotency-key': randomUUID() };
    return customer.call({ method: 'POST', path: '/api/v1/orders', headers, body }, OrderView);
  }
  async function placeOrder(): Promise<OrderView> {
    const [one, other] = BRANDED;
    if (STORE === undefined || one === undefined || other === undefined) throw new Error('no demo data');
    return orderAt(STORE, [
      { sku: one.sku, quantity: 2 },
      { sku: other.sku, quantity: 1 },
    ]);
  }
  function orderNow({ id }: OrderView): Promise<OrderView> {
    return customer.call({ method: 'GET', path: `/api/v1/orders/${id}` }, OrderView);
  }
  async function statusOf(order: OrderView): Promise<string> {
    return (await orderNow(order)).status;
  }
  async function signIn(store = STORE): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
    if (browser === undefined) throw new Error('no browser');
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${running.verdict.url}/tablet/`);
    const { phone, password } = loginOf('staff', store?.id);
    await page.getByLabel('Phone').fill(phone);
    await page.getByLabel('Password').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('#wifi', { hasText: 'online' }).waitFor();
    return { context, page, complaints };
  }
  async function claim(page: Page, order: OrderView): Promise<void> {
    const row = page.locator(`[data-task="${order.id}"]`);
    await row.getByRole('button', { name: 'Accept' }).click();
    await row.getByRole('button', { name: 'Pick' }).click();
    await page.locator('#work-told', { hasText: '3 units to pick' }).waitFor();
  }
  /** As a scanner does it: types into the field that has the focus, and ends with Enter. */
  async function scan(page: Page, code: string | undefined): Promise<void> {
    await page.keyboard.type(code ?? '');
    await page.keyboard.press('Enter');
  }

  test('goes on without wifi, also after it was closed, and the store has it all once there is some [F11] [X15]', async () => {
    const order = await placeOrder();
    const { context, page, complaints } = await signIn();
    await claim(page, order);
    const [one, other] = BRANDED;
    await scan(page, one?.barcodes?.[0]);
    await page.locator('#work-told', { hasText: '2 units to pick' }).waitFor();
    await expect.poll(() => page.locator('#waiting').textContent()).toBe('');
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);

    await context.setOffline(true);
    await page.locator('#wifi', { hasText: 'no wifi' }).waitFor();
    await scan(page, one?.barcodes?.[0]);
    await scan(page, '4006381333931');
    await page.getByText('is not on this list').waitFor();
    await page.locator('#waiting', { hasText: '1 act not at the store yet' }).waitFor();

    // The battery fell out: the page comes from the tablet itself, and so does what was done.
    await page.reload();
    await page.locator('#wifi', { hasText: 'no wifi' }).waitFor();
    await page.locator(`[data-task="${order.id}"]`).getByRole('button', { name: 'Go on' }).click();
    await page.locator('#work-told', { hasText: '1 unit to pick' }).waitFor();
    await page
      .locator('#lines li', { hasText: other?.name ?? '' })
      .getByRole('button')
      .click();
    await page.getByLabel('Why').selectOption('DAMAGED');
    await page.getByRole('button', { name: 'Give up' }).click();
    await page.getByLabel('Seal').first().fill('SEAL-0001');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pack', exact: true }).click();
    await page.locator('#waiting', { hasText: '3 acts not at the store yet' }).waitFor();
    expect(await statusOf(order)).toBe('PICKING');

    await context.setOffline(false);
    await page.locator('#wifi', { hasText: 'online' }).waitFor();
    await expect.poll(() => page.locator('#waiting').textContent()).toBe('');
    await expect.poll(() => statusOf(order)).toBe('PACKED');
    expect(await page.locator('.alert').count()).toBe(0);
    expect(complaints.filter((complaint) => !complaint.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    await context.close();
  });

  test('shows in words what became of an order that was cancelled while there was no wifi', async () => {
    const order = await placeOrder();
    const { context, page } = await signIn();
    await claim(page, order);
    await context.setOffline(true);
    await page.locator('#wifi', { hasText: 'no wifi' }).waitFor();
    const [one] = BRANDED;
    await scan(page, one?.barcodes?.[0]);
    await page.locator('#work-told', { hasText: '2 units to pick' }).waitFor();
    const operator = new Session(running.verdict.url, loginOf('operator'));
    const headers = { 'idempotency-key': randomUUID() };
    const cancel = {
      method: 'PUT' as const,
      path: `/api/v1/orders/${order.id}/cancel`,
      headers,
      body: { reason: 'called' },
    };
    await operator.call(cancel, OrderView);
    await expect.poll(() => statusOf(order)).toBe('CANCELLED');
    await context.setOffline(false);
    const told = `Order ${order.number}: ${one?.name} scanned. The order was cancelled.`;
    await page.getByText(told).getByText('goes back to its shelf, without a scan').waitFor();
    await page.getByRole('button', { name: 'Read' }).click();
    await page.locator('.alert').waitFor({ state: 'detached' });
    await context.close();
  });

  test('is worked on by keyboard alone, and in one tab of a tablet only', async () => {
    const order = await placeOrder();
    const { context, page } = await signIn();
    await page.locator(`[data-task="${order.id}"]`).waitFor();
    const accept = page.locator(`[data-task="${order.id}"]`).getByRole('button');
    await accept.focus();
    await page.keyboard.press('Enter');
    await accept.filter({ hasText: 'Pick' }).waitFor();
    // The button that was pressed keeps the focus, with its next meaning.
    await page.keyboard.press('Enter');
    await page.locator('#work-told', { hasText: '3 units to pick' }).waitFor();
    const [one, other] = BRANDED;
    for (const code of [one, one, other]) await scan(page, code?.barcodes?.[0]);
    await page.locator('#work-told', { hasText: 'pack it' }).waitFor();
    const second = await context.newPage();
    await second.goto(`${running.verdict.url}/tablet/`);
    await second.getByText('open in another tab').waitFor();
    expect(await second.locator('#queue').isVisible()).toBe(false);
    await context.close();
  });

  test('walks a wave, proposes a substitute that the customer takes, and hands over, with the wifi gone in between [F8] [F7]', async () => {
    if (WAVE_STORE === undefined) throw new Error('no demo data');
    const { shared, missing } = articlesOfWave(WAVE_STORE);
    const first = await orderAt(WAVE_STORE, [
      { sku: shared.sku, quantity: 2 },
      { sku: missing.sku, quantity: 1 },
    ]);
    const second = await orderAt(WAVE_STORE, [{ sku: shared.sku, quantity: 1 }]);
    const codes = await couriersAt(WAVE_STORE, running.verdict.url);
    const { context, page, complaints } = await signIn(WAVE_STORE);
    await page.getByRole('button', { name: 'Start shift' }).click();
    await page.locator('#service', { hasText: '1 picker on shift. You are, too.' }).waitFor();
    for (const { id } of [first, second]) {
      const row = page.locator(`[data-task="${id}"]`);
      await row.getByRole('button', { name: 'Accept' }).click();
      await row.getByRole('button', { name: 'Pick' }).waitFor();
    }
    await page.getByRole('button', { name: 'Next wave' }).focus();
    await page.keyboard.press('Enter');
    await page.locator('#work-title', { hasText: 'Wave of 2' }).waitFor();
    await page.locator('#work-told', { hasText: /^4 units to pick, \d+ m to walk/ }).waitFor();

    // What is missing is given up, and what stands in for it proposed; then the walk goes on.
    await page.getByRole('button', { name: `Not there: ${missing.name}` }).click();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    const proposed = page.locator('#candidates li').first();
    await expect.poll(() => proposed.textContent()).toMatch(/(cheaper|dearer|same price).*same kind.*in stock/);
    await proposed.getByRole('button').focus();
    await page.keyboard.press('Enter');
    await page.locator('#lines .PROPOSED', { hasText: /\d:\d\d left/ }).waitFor();
    await expect.poll(() => page.locator('#next-bin').textContent()).toBe(shared.bin);

    await context.setOffline(true);
    await page.locator('#wifi', { hasText: 'no wifi' }).waitFor();
    for (const left of ['2 units', '1 unit']) {
      await scan(page, shared.barcodes?.[0]);
      await page.locator('#work-told', { hasText: `${left} to pick` }).waitFor();
    }
    await page.locator('#told', { hasText: /into tote [12]/ }).waitFor();
    await scan(page, shared.barcodes?.[0]);
    // The bags of the order that waits for nobody come first.
    await page.locator('#pack-told', { hasText: second.number }).waitFor();
    await context.setOffline(false);
    await page.locator('#wifi', { hasText: 'online' }).waitFor();
    await scan(page, 'SEAL-W2');
    await page.getByRole('button', { name: 'Pack', exact: true }).click();
    await page.locator('#pack-told', { hasText: /Packing waits for the customer.*\d:\d\d left/ }).waitFor();
    expect(await page.getByRole('button', { name: 'Pack', exact: true }).isDisabled()).toBe(true);
    await expect.poll(() => statusOf(second)).toMatch(PACKED);

    const substitute = await approve(first);
    await page.locator('#lines .APPROVED', { hasText: substitute.name }).waitFor();
    await expect.poll(() => page.locator('#next-take').textContent()).toContain(substitute.name);
    await scan(page, barcodeOf(WAVE_STORE, substitute.sku));
    await page.locator('#work-told', { hasText: 'pack it' }).waitFor();
    await scan(page, 'SEAL-W1');
    await page.getByRole('button', { name: 'Pack', exact: true }).click();
    await expect.poll(() => statusOf(first)).toMatch(PACKED);
    expect((await orderNow(first)).substitutions).toMatchObject([{ settlement: 'SUBSTITUTE', pickedQuantity: 1 }]);

    // A bag of another order, then a wrong code; the seals that were scanned stay.
    await expect.poll(() => codes.size).toBe(2);
    const code = codes.get(first.id) ?? '';
    await page.locator(`[data-task="${first.id}"]`).getByRole('button', { name: 'Hand over' }).click();
    await scan(page, 'SEAL-W1');
    await scan(page, 'SEAL-W2');
    await page.getByText('SEAL-W2: not of this order').waitFor();
    await say(page, code);
    await page.locator('.alert', { hasText: 'Not of this order: SEAL-W2.' }).waitFor();
    await page.getByRole('button', { name: 'Take back seal SEAL-W2' }).click();
    await say(page, otherThan(code));
    await page.locator('.alert', { hasText: '4 tries are left' }).waitFor();
    await say(page, code);
    await page.locator('#told', { hasText: `${first.number}: handover done` }).waitFor();
    await page.locator(`[data-task="${first.id}"]`).waitFor({ state: 'detached' });

    await page.locator(`[data-task="${second.id}"]`).getByRole('button', { name: 'Hand over' }).click();
    await scan(page, 'SEAL-W2');
    for (const told of ['4 tries are left', '3 tries', '2 tries', 'One try is left', 'the last try', /\d:\d\d left/]) {
      await say(page, otherThan(codes.get(second.id)));
      await page.locator('.alert', { hasText: second.number }).filter({ hasText: told }).waitFor();
    }
    await page.getByRole('button', { name: 'End shift' }).click();
    await page.locator('#service', { hasText: '0 pickers on shift' }).waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(complaints.filter((complaint) => !complaint.includes('ERR_INTERNET_DISCONNECTED'))).toEqual([]);
    await context.close();
  });

  async function approve(order: OrderView) {
    const [open] = (await orderNow(order)).substitutions;
    if (open === undefined) throw new Error('nothing was proposed');
    const path = `/api/v1/orders/${order.id}/substitutions/${open.id}`;
    await customer.call({ method: 'POST', path, body: { answer: 'APPROVE' } }, OrderView);
    return open.substitute;
  }
  /** The courier reads the code out. */
  async function say(page: Page, code: string): Promise<void> {
    await page.getByLabel('Courier’s code').fill(code);
    await page.keyboard.press('Enter');
  }
});

/** One that two orders want; and one with another of its kind that is not dearer. Near packing: the wave is in time. */
function articlesOfWave(store: DemoStore) {
  const floor = layoutOfBins(demoAssortment(store).map(({ bin }) => bin));
  const byWay = Map.groupBy(plentyOf(store), ({ bin }) => {
    const place = placeOfBin(floor, bin);
    return place === undefined ? Infinity : walkM(floor, packingPlace(floor), place);
  });
  const near = [...byWay].toSorted(([a], [b]) => a - b).flatMap(([, articles]) => articles);
  const missing = near.find((article) => near.some((other) => isNear(article, other)));
  const shared = near.find(({ category }) => category.join() !== missing?.category.join());
  if (missing === undefined || shared === undefined) throw new Error('no demo data');
  return { shared, missing };
}
type Article = ReturnType<typeof plentyOf>[number];
function isNear(article: Article, other: Article): boolean {
  const isKin = article.category.join() === other.category.join();
  return isKin && article.sku !== other.sku && other.priceMinor <= article.priceMinor;
}
function barcodeOf(store: DemoStore, sku: string): string | undefined {
  return demoAssortment(store).find((article) => article.sku === sku)?.barcodes?.[0];
}

function otherThan(code: string | undefined): string {
  return code === '000000' ? '000001' : '000000';
}

/** Two couriers who take what they are offered; the codes that they show at the counter, by order. */
async function couriersAt(store: DemoStore, url: string): Promise<ReadonlyMap<string, string>> {
  const codes = new Map<string, string>();
  const logins = DEMO_LOGINS.filter(({ role, zoneId }) => role === 'courier' && zoneId === store.zoneId).slice(0, 2);
  for (const { phone: number, password } of logins) {
    const phone: LiveSocket<CourierState, CourierDelta> = new LiveSocket({
      session: new Session(url, { phone: number, password }),
      ticketPath: '/api/v1/couriers/me/ticket',
      onSnapshot: see,
      onDelta: ({ state }) => see(state),
      onFailed: () => undefined,
    });
    function see({ offers, jobs }: CourierState): void {
      for (const { orderId, details } of jobs) if (details !== null) codes.set(orderId, details.handoverCode);
      for (const { offerId } of offers) void phone.command({ do: 'acceptOffer', offerId });
    }
    await phone.open();
    await phone.command({ do: 'startShift', at: store.location });
  }
  return codes;
}

function loginOf(role: 'customer' | 'staff' | 'operator', storeId?: string) {
  const login = DEMO_LOGINS.find((one) => one.role === role && (storeId === undefined || one.storeId === storeId));
  if (login === undefined) throw new Error(`no demo ${role}`);
  const { phone, password } = login;
  return { phone, password };
}

function plentyOf(store: (typeof DEMO_STORES)[number]) {
  const plenty = new Set(openingStock(store.id).flatMap(({ sku, quantity }) => (quantity > 20 ? [sku] : [])));
  return demoAssortment(store).filter(
    ({ sku, barcodes }) => plenty.has(sku) && barcodes !== undefined && barcodes.length > 0,
  );
}
