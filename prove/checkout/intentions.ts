import { asUserId } from '../../domain/shared/ids.ts';
import type { UserId } from '../../domain/shared/ids.ts';
import { drawSome, drawWhole } from '../../scripts/shared/seeded-random.ts';
import { body, SKUS } from '../world/shelves.ts';
import type { BasketLine } from '../world/shelves.ts';

/** Something that a customer wants once, however often it is asked for. */
export interface Intention {
  readonly customerId: UserId;
  /** The Idempotency-Key of all its requests. */
  readonly key: string;
  readonly basket: readonly BasketLine[];
  readonly token: string;
  /** The text of a quote. */
  readonly quote: string | null;
  /** Orders the customer's cart as it is; two of them are two tabs. */
  readonly isCart: boolean;
  /** When each of its requests sets out, and whether it has another body under the same key. */
  readonly requests: readonly { readonly afterMs: number; readonly isOther: boolean }[];
  /** When the customer calls it off; `null` for most. */
  readonly cancelAfterMs: number | null;
  /** Whether the store picks and packs it. */
  readonly isPicked: boolean;
}

/** All that one crowd wants within its minute: few articles, many hands. */
export function drawIntentions(random: () => number, customers: number, crowd: number): readonly Intention[] {
  return Array.from({ length: customers }, (_, i) => asUserId(`usr_${body(1000 * (crowd + 1) + i)}`)).flatMap(
    (customerId) => Array.from({ length: drawWhole(random, 4, 7) }, (_, n) => drawIntention(random, customerId, n)),
  );
}

function drawIntention(random: () => number, customerId: UserId, n: number): Intention {
  const isCart = random() < 0.4;
  const startsMs = drawWhole(random, 0, isCart ? 2000 : CROWD_MS);
  const count = drawWhole(random, 1, 5);
  const requests = Array.from({ length: count }, () => ({
    // A double tap, or somebody who comes back later.
    afterMs: startsMs + (random() < 0.6 ? drawWhole(random, 0, 300) : drawWhole(random, 300, 90_000)),
    isOther: random() < 0.08,
  }));
  return {
    customerId,
    key: `order-${n}-${drawWhole(random, 0, 999_999)}`,
    basket: drawSome(random, SKUS, drawWhole(random, 1, 2)).map((sku) => ({ sku, quantity: drawWhole(random, 1, 2) })),
    token: drawToken(random()),
    quote: random() < 0.3 ? `quote-${n}` : null,
    isCart,
    requests,
    cancelAfterMs: random() < 0.08 ? startsMs + drawWhole(random, 500, 60_000) : null,
    isPicked: random() < 0.15,
  };
}
const CROWD_MS = 60_000;

function drawToken(drawn: number): string {
  if (drawn < 0.62) return 'tok_approve';
  if (drawn < 0.74) return 'tok_approve_late';
  if (drawn < 0.84) return 'tok_timeout_after_charge';
  return drawn < 0.94 ? 'tok_decline' : 'tok_unavailable';
}
