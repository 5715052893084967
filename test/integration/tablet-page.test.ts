import { randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { OrderView } from '../../contracts/http/orders.ts';
import { demoAssortment, openingStock } from '../../db/seed/assortment.ts';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { DEMO_STORES } from '../../db/seed/network.ts';
import { Session } from '../../scripts/client/session.ts';
import { browserOrSkip, complaintsOf } from '../support/browser.ts';
import { start } from '../support/running-start.ts';
import type { RunningStart } from '../support/running-start.ts';

/** A cheap phone. */
const PHONE = { width: 360, height: 640 };
const PICKER = loginOf('staff');
const STORE = DEMO_STORES.find(({ id }) => DEMO_LOGINS.find(({ role }) => role === 'staff')?.storeId === id);
/** Two articles of which the store has plenty, with a code on their packs. */
const BRANDED = STORE === undefined ? [] : plentyOf(STORE);

const browser = await browserOrSkip();

describe.skipIf(browser === undefined)('the page of a picker', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirana-tablet-'));
  let running: RunningStart;

  beforeAll(async () => {
    // PostgreSQL runs as a user of its own when we are root, and has to walk through.
    chmodSync(folder, 0o755);
    running = await start(folder, '--port', '0');
  });
  afterAll(async () => {
    await browser?.close();
    await running.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** An order of two articles at the picker's store, paid at the door. */
  async function placeOrder(): Promise<OrderView> {
    const session = new Session(running.verdict.url, loginOf('customer'));
    const [one, other] = BRANDED;
    if (STORE === undefined || one === undefined || other === undefined) throw new Error('no demo data');
    const lines = [
      { sku: one.sku, quantity: 2 },
      { sku: other.sku, quantity: 1 },
    ];
    const body = { deliverTo: { ...STORE.location, note: '' }, lines, payment: { method: 'cod' } };
    const headers = { 'idempotency-key': randomUUID() };
    return session.call({ method: 'POST', path: '/api/v1/orders', headers, body }, OrderView);
  }
  async function statusOf({ id }: OrderView): Promise<string> {
    const session = new Session(running.verdict.url, loginOf('customer'));
    return (await session.call({ method: 'GET', path: `/api/v1/orders/${id}` }, OrderView)).status;
  }
  async function signIn(): Promise<{ context: BrowserContext; page: Page; complaints: string[] }> {
    if (browser === undefined) throw new Error('no browser');
    const context = await browser.newContext({ viewport: PHONE });
    const page = await context.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${running.verdict.url}/tablet/`);
    await page.getByLabel('Phone').fill(PICKER.phone);
    await page.getByLabel('Password').fill(PICKER.password);
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
});

function loginOf(role: 'customer' | 'staff' | 'operator') {
  const login = DEMO_LOGINS.find((one) => one.role === role);
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
