import { RPC_VERSION } from '../../contracts/actor.ts';
import { asOpId } from '../../domain/shared/ids.ts';
import type { Act } from './act.ts';
import type { Call, CommandAct } from './call.ts';
import { callOf } from './call-of.ts';
import { OPERATOR, SKUS, STORES } from './cast.ts';
import { StorageFault } from '../../test/support/object-platform/hosted-object.ts';
import { brokenRules } from './conservation.ts';
import type { Stage } from './stage.ts';
import { isTold, ToldLedger } from './told.ts';
import { actInWords, answerInWords } from './words.ts';

interface Said {
  readonly act: CommandAct;
  readonly call: Call;
  readonly answer: unknown;
}

/** What happened on a stage, in order, with everything that clients were told. */
export class History {
  readonly stage: Stage;
  /** What happened, in words. */
  readonly lines: string[] = [];
  /** How often each kind of act had each kind of answer. */
  readonly tally = new Map<string, number>();
  readonly #said: Said[] = [];
  readonly #told = new ToldLedger();
  /** Answers that broke a promise by themselves. */
  readonly #broken: string[] = [];
  #acts = 0;

  constructor(stage: Stage) {
    this.stage = stage;
  }

  async perform(act: Act): Promise<void> {
    this.#acts += 1;
    const answer = await this.#answer(act).catch((cause: unknown) => {
      throw new Error([...this.lines, `${actInWords(act)}: ${String(cause)}`].join('\n'), { cause });
    });
    this.lines.push(`${actInWords(act)}: ${answerInWords(answer)}`);
    for (const each of Array.isArray(answer) ? answer : [answer]) {
      const kind = `${kindOf(act)}: ${answerInWords(each)}`;
      this.tally.set(kind, (this.tally.get(kind) ?? 0) + 1);
    }
    await this.stage.platform.settle();
  }

  /** Everything that is wrong now, each in one sentence. */
  async broken(): Promise<string[]> {
    return [...this.#broken, ...(await brokenRules(this.stage)), ...this.#told.differences(this.stage)];
  }

  async #answer(act: Act): Promise<unknown> {
    if (act.do === 'pass') return this.#pass(act.ms, act.alarm);
    if (act.do === 'again') return this.#again(this.#said.at(-act.ago));
    if (act.do === 'reuse') return this.#reuse(this.#said.at(-act.ago));
    if (act.do === 'fault') return this.#arm(act.after);
    const call = callOf(this.stage, act, this.#acts);
    const answer = await this.#send(call);
    this.#said.push({ act, call, answer });
    this.#told.hear(act, answer);
    return answer;
  }

  #arm(after: number): void {
    for (const store of STORES) this.stage.platform.store(store).writesBeforeFault = after;
  }

  #disarm(): void {
    for (const store of STORES) this.stage.platform.store(store).writesBeforeFault = null;
  }

  /** A command that failed on its way has changed nothing, and may be sent again. */
  async #send(call: Call): Promise<unknown> {
    try {
      return await call.send();
    } catch (cause) {
      if (!(cause instanceof StorageFault)) throw cause;
      this.#broken.push(...(await this.broken()).map((what) => `after ${cause.message}: ${what}`));
      this.lines.push(cause.message);
    } finally {
      this.#disarm();
    }
    return call.send();
  }

  async #pass(ms: number, alarm: 'on time' | 'late' | 'twice' | 'lost'): Promise<void> {
    const { platform } = this.stage;
    const store = platform.store(STORES[0]);
    const mayFail = store.writesBeforeFault !== null;
    if (alarm === 'late' || alarm === 'lost') platform.nowMs += ms;
    else await platform.pass(ms);
    if (alarm === 'late' || alarm === 'twice') await store.ring();
    if (alarm === 'lost') {
      // The platform forgets the alarm; the next message to an object that slept sets it again.
      store.alarmAtMs = null;
      await this.stage.evict(0);
      await platform.rpc(STORES[0]).load();
    }
    this.#disarm();
    // What could not be served is tried again.
    if (mayFail || alarm === 'lost') await platform.pass(SAFETY_MS);
  }

  async #again(said: Said | undefined): Promise<unknown> {
    if (said === undefined) return undefined;
    const answer = await this.#send(said.call);
    if (said.call.opId !== null && !sameAnswer(said, answer)) {
      const [first, second] = [said.answer, answer].map((told) => JSON.stringify(told));
      this.#broken.push(`${actInWords(said.act)}: asked again, ${second} instead of ${first}`);
    }
    return answer;
  }

  async #reuse(said: Said | undefined): Promise<unknown> {
    const opId = said?.call.opId ?? null;
    if (opId === null || said === undefined || said.act.do === 'floor') return undefined;
    const [sku] = SKUS;
    if ('from' in said.act || sku === undefined || !isTold(said.answer) || !said.answer.ok) return undefined;
    const command = {
      v: RPC_VERSION,
      actor: OPERATOR,
      opId: asOpId(opId),
      do: 'AdjustStock',
      sku,
      quantity: 9,
    } as const;
    const answer = await this.stage.store(0).execute({ ...command, reason: 'FOUND' });
    if (answer.ok) this.#broken.push(`${actInWords(said.act)}: its id was taken for another command`);
    return answer;
  }
}

/** What an act is, without what it is about. */
function kindOf(act: Act): string {
  if (act.do === 'floor') return `floor ${act.what.do}`;
  return act.do === 'execute' ? act.command.do : act.do;
}

/** Longer than any retry of a deadline that could not be served. */
const SAFETY_MS = 5_000;

/**
 * The first answer again, with two exceptions: a refused hold leaves no trace and is decided again, and one that was granted is
 * answered as it is by now.
 */
function sameAnswer({ act, answer }: Said, again: unknown): boolean {
  if (act.do !== 'hold' || !isTold(answer)) return JSON.stringify(answer) === JSON.stringify(again);
  if (!answer.ok || !isTold(again)) return !answer.ok;
  return again.ok ? basketOf(answer.value) === basketOf(again.value) : HOLD_OVER.has(answerInWords(again));
}
const HOLD_OVER: ReadonlySet<string> = new Set(['HOLD_EXPIRED', 'HOLD_RELEASED']);

function basketOf(view: unknown): string {
  return JSON.stringify(view, ['holdId', 'lines', 'sku', 'quantity']);
}
