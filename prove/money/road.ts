/** How often a call on its way to a provider comes to grief, of all that are made while the road is not calm. */
const GRIEF = 0.22;
/** `cut` and `stalled` are done, and nobody hears of it; `late` is done after whoever asked has given up; `lost` never. */
const GRIEFS = ['lost', 'cut', 'stalled', 'late'] as const;
/** How likely it is that what is under way arrives before the next call. */
const ARRIVES = 0.3;

/** Between the order and whoever moves its money: calls and answers get lost, come late, and the world goes on meanwhile. */
export class Road {
  /** Nothing goes wrong any more. */
  isCalm = false;
  /** Calls that arrived after they had been given up. */
  latecomers = 0;
  /** Calls that whoever made them heard nothing of. */
  griefs = 0;
  readonly #random: () => number;
  readonly #meanwhile: () => void;
  #underWay: (() => Promise<unknown>)[] = [];

  constructor(random: () => number, meanwhile: () => void) {
    this.#random = random;
    this.#meanwhile = meanwhile;
  }

  /** `act` is what happens at the other end. Throws where nobody hears of it. */
  async carry<T>(act: () => Promise<T>): Promise<T> {
    if (this.isCalm) return act();
    if (this.#random() < ARRIVES) await this.arrive();
    const grief = this.#random() < GRIEF ? GRIEFS[Math.floor(this.#random() * GRIEFS.length)] : undefined;
    if (grief !== undefined) this.griefs += 1;
    this.#meanwhile();
    if (grief === 'lost') throw new TypeError('fetch failed');
    if (grief === 'late') {
      this.#underWay.push(act);
      throw new DOMException('The operation timed out.', 'TimeoutError');
    }
    const answer = await act();
    this.#meanwhile();
    if (grief === 'cut') throw new TypeError('fetch failed');
    if (grief === 'stalled') throw new DOMException('The operation timed out.', 'TimeoutError');
    return answer;
  }

  /** What was given up gets there after all. */
  async arrive(): Promise<void> {
    const late = this.#underWay;
    this.#underWay = [];
    for (const act of late) {
      this.latecomers += 1;
      // oxlint-disable-next-line no-await-in-loop -- in the order in which they were sent
      await act().catch(() => undefined);
    }
  }
}
