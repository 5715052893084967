import { setTimeout as sleep } from 'node:timers/promises';
import { auditStore } from '../../scripts/client/admin.ts';
import { HoldAnswer } from '../../contracts/http/holds.ts';
import type { Operator } from '../../scripts/client/operator.ts';
import { plentyAt, type Cast } from './cast.ts';
import { FREED_WITHIN_MS } from './judge-holds.ts';
import { requestOf } from './operation.ts';
import { findHold } from './gather.ts';

const HOLDS = 10;
const FOR_S = 30;
/** Much less than the promised minute: one look that finds all of them gone is enough. */
const FIRST_LOOK_MS = 2_000;

export interface QuietHolds {
  readonly problems: readonly string[];
  /** After their time, within which all of them were gone. */
  readonly freedWithinMs: number;
}

/** Holds of a store that nobody asks for anything until their time is over, whatever happens to the machine meanwhile. */
export async function watchQuietHolds(
  channel: Operator,
  operator: Operator,
  cast: Cast,
): Promise<{ readonly over: Promise<QuietHolds> }> {
  const { id: storeId } = cast.quietStore;
  const line = { ...plentyAt(cast.quietStore), quantity: 1 };
  const holds: HoldAnswer[] = [];
  for (let count = 0; count < HOLDS; count += 1) {
    const key = `crash-quiet-${count}`;
    const holdId = cast.holdIdOf('channel', storeId, key);
    holds.push(
      await channel.call(
        requestOf({ do: 'hold', key, asker: 'channel', storeId, holdId, lines: [line], forS: FOR_S }),
        HoldAnswer,
      ),
    );
  }
  const over = lookAfter(operator, storeId, holds);
  over.catch(() => {});
  return { over };
}

async function lookAfter(operator: Operator, storeId: string, holds: readonly HoldAnswer[]): Promise<QuietHolds> {
  const overAtMs = Math.max(...holds.map(({ expiresAt }) => Date.parse(expiresAt ?? '')));
  await sleep(overAtMs + FIRST_LOOK_MS - Date.now());
  const first = await look(operator, storeId, holds, overAtMs);
  if (first.problems.length === 0) return first;
  await sleep(overAtMs + FREED_WITHIN_MS - Date.now());
  return look(operator, storeId, holds, overAtMs);
}

/** First the sums: reading a hold must not be what expires it. */
async function look(
  operator: Operator,
  storeId: string,
  holds: readonly HoldAnswer[],
  overAtMs: number,
): Promise<QuietHolds> {
  const { held } = (await auditStore(operator, storeId)).totals;
  const freedWithinMs = Date.now() - overAtMs;
  const found = await Promise.all(holds.map(({ id }) => findHold(operator, storeId, id)));
  const wrong = found.filter((hold) => hold?.status !== 'EXPIRED');
  const problems = [
    ...(held === 0 ? [] : [`${storeId}: ${held} units are still held ${freedWithinMs} ms after their time`]),
    ...(wrong.length === 0
      ? []
      : [`${storeId}: ${wrong.length} holds have not expired ${freedWithinMs} ms after their time`]),
  ];
  return { problems, freedWithinMs };
}
