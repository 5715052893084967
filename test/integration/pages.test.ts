import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PROBLEMS } from '../../contracts/problem.ts';
import { DEMO_LOGINS } from '../../db/seed/demo-logins.ts';
import { browserOrSkip, complaintsOf } from '../support/browser.ts';
import { start } from '../support/running-start.ts';
import type { RunningStart } from '../support/running-start.ts';

/** A cheap phone. */
const PHONE = { width: 360, height: 640 };

const browser = await browserOrSkip();

describe.skipIf(browser === undefined)('the pages in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kirana-pages-'));
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

  async function open(path: string) {
    const page = await browser?.newPage({ viewport: PHONE });
    if (page === undefined) throw new Error('no browser');
    const complaints = complaintsOf(page);
    await page.goto(running.verdict.url + path);
    return { page, complaints };
  }

  test('the start page says that orders can be placed, what runs and who can sign in', async () => {
    const { page, complaints } = await open('/');
    await page.getByText('orders can be placed').waitFor();
    expect(await page.locator('#parts li').count()).toBe(4);
    expect(await page.locator('#logins tr').count()).toBe(DEMO_LOGINS.length);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(PHONE.width);
    expect(complaints).toEqual([]);
  });

  test('the first link reached by keyboard opens the API, and a request can be tried', async () => {
    const { page, complaints } = await open('/');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByText('/api/v1/locations/resolve').click();
    await page.getByPlaceholder('lat').fill('12.982');
    await page.getByPlaceholder('lng').fill('77.622');
    await page.getByRole('button', { name: 'Execute' }).click();
    await page.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor();
    expect(await page.locator('.live-responses-table').textContent()).toContain('"serviceable": true');
    expect(complaints).toEqual([]);
  });

  test('every refusal has its place on the page of problem codes', async () => {
    const { page, complaints } = await open('/docs/problems/');
    const text = (await page.locator('body').textContent()) ?? '';
    for (const code of Object.keys(PROBLEMS)) expect(text).toContain(code);
    expect(complaints).toEqual([]);
  });
});
