import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { asSku, asStoreId, asUserId } from '../../domain/shared/ids.ts';
import type { Quote } from '../../domain/pricing/quote.ts';
import { totalsOf } from '../../domain/pricing/totals.ts';
import { emptyEdgeEnv, signingJwk } from '../../test/support/edge-env.ts';
import { QuoteText } from '../../contracts/http/quotes.ts';
import { LINES_MAX } from '../../contracts/wire.ts';
import { readConfig } from '../env.ts';
import { QuoteTexts } from './quote-text.ts';

const NOW_MS = Date.UTC(2026, 0, 31, 9, 30);

async function textsOf(kid: string): Promise<QuoteTexts> {
  return new QuoteTexts(readConfig(await emptyEdgeEnv({ JWT_PRIVATE_JWK: await signingJwk(kid) })));
}
const texts = await textsOf('test-key');

function quote(lines = 1): Quote {
  return {
    customerId: asUserId(`usr_${'0'.repeat(26)}`),
    deliverTo: { lat: 12.974_612_345_678, lng: 77.641_2 },
    storeId: asStoreId(`sto_${'0'.repeat(26)}`),
    currency: 'INR',
    lines: Array.from({ length: lines }, (_, n) => ({
      sku: asSku(`S${String(n).padStart(39, '0')}`),
      quantity: 99,
      unitPriceMinor: 99_999_999,
    })),
    totals: totalsOf({ itemsMinor: 900, deliveryFeeMinor: 100, totalMinor: 1_000, taxIncluded: true, taxMinor: 48 }),
    promiseMs: 840_000,
    expiresAtMs: NOW_MS + 300_000,
  };
}

describe('a quote as text', () => {
  test('is read back as it was made, until it expires and not a millisecond longer [K4]', () => {
    const text = texts.write(quote());
    expect(texts.read(text, NOW_MS + 299_999)).toEqual({ ok: true, value: quote() });
    expect(texts.read(text, NOW_MS + 300_000)).toEqual({ ok: false, error: 'EXPIRED' });
  });

  test('is refused with any one character changed, cut or added [X8]', () => {
    const text = texts.write(quote());
    for (let at = 0; at < text.length; at += 1) {
      // The last character of 32 bytes in base64url carries two bits that say nothing.
      const other = text[at] === 'g' ? 'w' : 'g';
      const isSpare = at === text.length - 1;
      const forged = `${text.slice(0, at)}${isSpare ? '' : other}${text.slice(at + 1)}`;
      expect({ at, ok: texts.read(forged, NOW_MS).ok }).toEqual({ at, ok: false });
    }
    for (const forged of [
      '',
      '.',
      '..',
      `${text}.`,
      `${text}A`,
      text.slice(1),
      text.replaceAll('.', ''),
      '\u0000.\u0000.\u0000',
    ]) {
      expect(texts.read(forged, NOW_MS).ok).toBe(false);
    }
  });

  test('of another key of the same name is refused; of a key of another name it has expired [X8]', async () => {
    expect((await textsOf('test-key')).read(texts.write(quote()), NOW_MS)).toEqual({ ok: false, error: 'INVALID' });
    expect((await textsOf('newer')).read(texts.write(quote()), NOW_MS)).toEqual({ ok: false, error: 'EXPIRED' });
  });

  test('of the largest order fits where it is taken', () => {
    const text = texts.write(quote(LINES_MAX));
    expect(v.safeParse(QuoteText, text).success).toBe(true);
    expect(texts.read(text, NOW_MS).ok).toBe(true);
  });
});
