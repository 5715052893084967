import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs from 'kafkajs';
import { afterAll, describe, expect, test } from 'vitest';
import { ORDER_EVENTS, STATUS_EVENT } from '../../contracts/events/orders.ts';
import { parseEvent } from '../../contracts/events/topic.ts';
import { readPostmaster, stopPostmaster } from '../../db/local/postmaster.ts';
import { ORDER_STATUSES } from '../../domain/order/transitions.ts';
import { POSTGRES } from '../../scripts/start/database.ts';
import { hold, letGo } from '../../scripts/start/held-parts.ts';
import { stateFolder } from '../../scripts/start/state-folder.ts';
import { mustHaveEndedWell, runDemo } from '../support/demo-run.ts';
import { kafkaOrSkip } from '../support/kafka.ts';

const OUTAGE_MS = 300_000;
const TOKEN_LIVES_S = 3;
const ORDERS = 12;

const kafka = await kafkaOrSkip();

describe.skipIf(kafka === undefined)('while Postgres and the broker are away', () => {
  afterAll(() => kafka?.remove());

  test(
    'for longer than an access token lives, orders are placed and delivered, and all of it is in Postgres after [U5, X7, R4, E3]',
    { timeout: OUTAGE_MS },
    async () => {
      const outage = new Outage();
      const args = ['--boot', '--kafka', kafka?.address ?? '', '--access-token-ttl', String(TOKEN_LIVES_S)];
      const run = await runDemo([...args, '--orders', String(ORDERS), '--concurrency', '2'], (line) =>
        outage.hear(line),
      );
      mustHaveEndedWell(run);
      expect(run.verdict).toMatchObject({ ok: true, orders: ORDERS, delivered: ORDERS, oversold: 0, lost_events: 0 });
      expect(run.exitCode).toBe(0);
      await outage.over;
      expect(outage.placedWithoutPostgres).toBeGreaterThan(0);
      expect(outage.deliveredWithoutBoth).toBeGreaterThan(0);
    },
  );

  test('the log tells the life of every order, step by step [E1, O12]', async () => {
    const lives = await readLives(kafka?.address ?? '');
    const steps = ORDER_STATUSES.slice(0, ORDER_STATUSES.indexOf('CLOSED') + 1).map((status) => STATUS_EVENT[status]);
    expect(lives.size).toBe(ORDERS);
    for (const life of lives.values()) expect(life).toEqual(steps);
  });
});

/** First Postgres goes, for good; when every token of before has ended, the broker too; both come back when all orders are done. */
class Outage {
  placedWithoutPostgres = 0;
  deliveredWithoutBoth = 0;
  over: Promise<void> | undefined;
  #folder: string | undefined;
  #away: Promise<void> | undefined;
  #isBrokerAway = false;

  hear(line: string): void {
    this.#folder ??= /its state is in (\S+)$/.exec(line)?.[1];
    if (this.#folder === undefined) return;
    if (this.#away !== undefined && line.includes(': placed: ')) this.placedWithoutPostgres += 1;
    if (this.#isBrokerAway && line.includes(': CLOSED after ')) this.deliveredWithoutBoth += 1;
    if (line.includes('picked and packed')) this.#away ??= this.#begin(this.#folder);
    if (line.includes('waiting for Postgres')) this.over ??= this.#end(this.#folder);
  }

  async #begin(folder: string): Promise<void> {
    const state = stateFolder(folder);
    hold(state, POSTGRES);
    const postmaster = readPostmaster(join(state.postgres, 'data'));
    if (postmaster !== undefined) await stopPostmaster(postmaster.pid);
    await sleep(2 * TOKEN_LIVES_S * 1_000);
    await kafka?.stop('SIGKILL');
    this.#isBrokerAway = true;
  }

  async #end(folder: string): Promise<void> {
    await this.#away;
    const started = await kafka?.start();
    if (started?.ok === false) throw new Error(started.error.detail);
    letGo(stateFolder(folder), POSTGRES);
  }
}

/** Event types by order, in the order of the log. A record that the log has twice is told once, as a consumer does. */
async function readLives(broker: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = new kafkajs.Kafka({ brokers: [broker], logLevel: kafkajs.logLevel.NOTHING });
  const admin = client.admin();
  await admin.connect();
  const ends = await admin.fetchTopicOffsets(ORDER_EVENTS.name);
  await admin.disconnect();
  const wanted = ends.reduce((sum, { offset }) => sum + Number(offset), 0);
  const lives = new Map<string, string[]>();
  const consumer = client.consumer({ groupId: 'reads-lives' });
  await consumer.connect();
  await consumer.subscribe({ topic: ORDER_EVENTS.name, fromBeginning: true });
  const read = Promise.withResolvers<void>();
  let records = 0;
  await consumer.run({
    eachMessage: async ({ message }) => {
      const event = parseEvent(ORDER_EVENTS, message.value?.toString() ?? '');
      if (event.ok) {
        const life = lives.get(event.value.subject) ?? [];
        if (event.value.sequence > life.length) life.push(event.value.type);
        lives.set(event.value.subject, life);
      }
      records += 1;
      if (records === wanted) read.resolve();
      await Promise.resolve();
    },
  });
  await read.promise;
  await consumer.disconnect();
  return lives;
}
