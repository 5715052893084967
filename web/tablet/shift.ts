import type { LoadView } from '../../contracts/http/store-load.ts';
import type { FloorView } from '../../contracts/ws/tablet.ts';
import { element } from './elements.ts';
import type { Session } from './session.ts';
import { serviceInWords } from './words.ts';

/** Whether this picker is on shift, as the store says; begun and ended by word, for who has wifi. */
export class Shift {
  readonly #session: Session;
  readonly #note: (text: string) => void;
  readonly #changed: () => void;
  /** `undefined` until the store has said. */
  #isOn: boolean | undefined;
  #isAsking = false;

  constructor(session: Session, { note, changed }: { note: (text: string) => void; changed: () => void }) {
    this.#session = session;
    this.#note = note;
    this.#changed = changed;
    element('shift').addEventListener('click', () => void this.#turn());
  }

  /** Asks the store again: somebody has come or gone. */
  async look(): Promise<void> {
    try {
      const { shifts } = await this.#session.ofStore<LoadView>('GET', 'load');
      this.#isOn = shifts.some(({ pickerId }) => pickerId === this.#session.userId);
    } catch {
      // It stays as it was known; the next change asks again.
      return;
    }
    this.#changed();
  }

  draw(floor: FloorView | undefined, isOnline: boolean): void {
    const isOn = this.#isOn;
    const own = isOn === undefined ? '' : isOn ? ' You are, too.' : ' You are not; your first claim begins it.';
    const told = floor === undefined ? '' : serviceInWords(floor);
    element('service').textContent = isOnline ? `${told}${own}` : 'Shifts and waves need the connection.';
    element('service').className = `note ${floor?.service.state ?? ''}`;
    const press = element('shift');
    press.hidden = isOn === undefined;
    press.textContent = isOn === true ? 'End shift' : 'Start shift';
    if (press instanceof HTMLButtonElement) press.disabled = !isOnline || this.#isAsking;
  }

  async #turn(): Promise<void> {
    const [path, isOn] = this.#isOn === true ? ['shifts/end', false] : ['shifts/start', true];
    this.#isAsking = true;
    this.#changed();
    try {
      await this.#session.ofStore('POST', path, isOn ? undefined : {});
      this.#isOn = isOn;
    } catch (cause) {
      this.#note(
        cause instanceof TypeError || !(cause instanceof Error)
          ? 'The store did not answer: press again.'
          : cause.message,
      );
    } finally {
      this.#isAsking = false;
      this.#changed();
    }
  }
}
