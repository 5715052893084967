const WIDTH = 30;
/** A terminal shows no more; redrawing oftener only costs. */
const REDRAW_MS = 100;
/** Where nobody watches, a line now and then is kept in the log. */
const LINE_MS = 2_000;

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** How far long work has come: one line that is redrawn on a terminal, a line every two seconds elsewhere. */
export class ProgressBar {
  readonly #screen: Screen;
  readonly #now: () => number;
  #drawnAtMs = Number.NEGATIVE_INFINITY;
  #open = false;

  constructor(screen: Screen = process.stderr, now: () => number = () => performance.now()) {
    this.#screen = screen;
    this.#now = now;
  }

  /** `done` from 0 to 1. */
  show(done: number, label: string): void {
    const nowMs = this.#now();
    const isTty = this.#screen.isTTY === true;
    if (done < 1 && nowMs - this.#drawnAtMs < (isTty ? REDRAW_MS : LINE_MS)) return;
    this.#drawnAtMs = nowMs;
    const filled = Math.round(Math.min(1, done) * WIDTH);
    const line = `[${'#'.repeat(filled)}${'.'.repeat(WIDTH - filled)}] ${Math.floor(done * 100)
      .toString()
      .padStart(3)} %  ${label}`;
    this.#screen.write(isTty ? `\r\u001B[K${line}` : `${line}\n`);
    this.#open = isTty;
  }

  /** A line that stays, above the bar. */
  note(line: string): void {
    this.#screen.write(this.#open ? `\r\u001B[K${line}\n` : `${line}\n`);
    this.#open = false;
    this.#drawnAtMs = Number.NEGATIVE_INFINITY;
  }

  end(): void {
    if (this.#open) this.#screen.write('\n');
    this.#open = false;
  }
}
