import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import type { Refused } from './device-journal.ts';
import { button, element, make, show } from './elements.ts';
import { counted, dueInWords, refusalInWords, statusInWords, unitsInWords } from './words.ts';
import { isPickedBy } from './work.ts';
import type { BinPick, Part, Work } from './work.ts';
import { drawWork } from './work-screen.ts';

/** Everything that is on the screen. */
export interface Picture {
  readonly storeName: string;
  readonly userId: string;
  readonly nowMs: number;
  readonly isOnline: boolean;
  /** Acts that the store has not answered. */
  readonly waiting: number;
  /** What is wrong with the tablet itself, if anything. */
  readonly trouble: string | undefined;
  readonly refused: readonly Refused[];
  /** Told by the page, not by the store. */
  readonly notes: readonly string[];
  readonly tasks: readonly PickTaskView[];
  readonly work: Work | undefined;
  /** Whose bags are closed now. */
  readonly packing: PickTaskView | undefined;
  /** Bags that are sealed and not packed yet, or seals scanned at handover. */
  readonly seals: readonly string[];
  /** A wave was asked for, and has not come. */
  readonly isWaveAsked: boolean;
}

export interface Presses {
  readonly accept: (task: PickTaskView) => void;
  readonly claim: (task: PickTaskView) => void;
  readonly open: (task: PickTaskView) => void;
  readonly giveUp: (pick: BinPick) => void;
  readonly substitute: (part: Part) => void;
  readonly unscanSeal: (seal: string) => void;
  readonly dismiss: (id: string) => void;
  readonly dismissNote: (note: string) => void;
}

export function draw(picture: Picture, presses: Presses): void {
  drawHead(picture);
  drawAlerts(picture, presses);
  drawQueue(picture, presses);
  drawWork(picture, presses);
}

function drawHead({ storeName, isOnline, waiting, trouble }: Picture): void {
  element('store').textContent = storeName;
  const wifi = element('wifi');
  wifi.className = `verdict state ${isOnline ? 'up' : 'down'}`;
  wifi.textContent = isOnline ? 'online' : 'no wifi: go on, it is kept';
  element('waiting').textContent = trouble ?? (waiting === 0 ? '' : `${counted(waiting, 'act')} not at the store yet`);
}

function drawAlerts({ refused, notes, nowMs }: Picture, presses: Presses): void {
  // The newest first: the others may be out of sight.
  const rows = refused.toReversed().map(({ id, words, problem }) =>
    alert(`${words}. ${refusalInWords(problem, nowMs)}`, () => {
      presses.dismiss(id);
    }),
  );
  const own = notes.map((note) =>
    alert(note, () => {
      presses.dismissNote(note);
    }),
  );
  show(element('alerts'), [...own, ...rows]);
}

function alert(text: string, dismiss: () => void): HTMLElement {
  const row = make('div', '', 'alert');
  row.append(make('p', text), button('Read', dismiss, 'quiet'));
  return row;
}

function drawQueue(picture: Picture, presses: Presses): void {
  const { tasks, userId, nowMs, isOnline, work } = picture;
  element('floor').hidden = false;
  const rows = tasks.map((task) => {
    const row = make('li');
    row.dataset['task'] = task.taskId;
    const told = make('div');
    told.append(
      make('strong', task.orderNumber),
      make('span', `${unitsInWords(task)}, ${dueInWords(task, nowMs)}, ${statusInWords(task, userId)}`),
    );
    row.append(told);
    const act = nextAct(task, userId, presses);
    if (act !== undefined && work?.tasks.some(({ taskId }) => taskId === task.taskId) !== true) {
      const press = button(act.text, () => {
        act.press(task);
      });
      press.id = `act-${task.taskId}`;
      press.setAttribute('aria-label', `${act.text} ${task.orderNumber}`);
      // Two could take it: only the store can say whose it is.
      press.disabled = act.needsStore && !isOnline;
      row.append(press);
    }
    return row;
  });
  show(element('queue'), rows.length > 0 ? rows : [make('li', 'Nothing to do. New orders come here by themselves.')]);
  drawNextWave(picture);
}

function drawNextWave({ tasks, userId, isOnline, isWaveAsked }: Picture): void {
  const inHand = tasks.filter((task) => isPickedBy(task, userId)).length;
  const free = tasks.filter(({ status }) => status === 'ACCEPTED').length;
  const press = element('next-wave');
  if (press instanceof HTMLButtonElement) press.disabled = !isOnline || inHand > 0 || free === 0 || isWaveAsked;
  element('next-wave-told').textContent = nextWaveInWords({ isOnline, isWaveAsked, inHand, free });
}

function nextWaveInWords(now: {
  readonly isOnline: boolean;
  readonly isWaveAsked: boolean;
  readonly inHand: number;
  readonly free: number;
}): string {
  if (now.isWaveAsked) return now.isOnline ? 'The store is choosing …' : 'Asked for: it comes with the connection.';
  if (!now.isOnline) return 'A wave needs the connection: the store chooses.';
  if (now.inHand > 0) return 'Pack or give back what you have first.';
  if (now.free === 0) return 'Accept an order first; then the store chooses those that lie on one way.';
  return 'The most urgent order, and those that lie on its way.';
}

function nextAct(
  { status, pickerId }: PickTaskView,
  userId: string,
  presses: Presses,
): { readonly text: string; readonly needsStore: boolean; readonly press: (task: PickTaskView) => void } | undefined {
  if (status === 'QUEUED') return { text: 'Accept', needsStore: true, press: presses.accept };
  if (status === 'ACCEPTED') return { text: 'Pick', needsStore: true, press: presses.claim };
  if (status === 'PICKING' && pickerId === userId) return { text: 'Go on', needsStore: false, press: presses.open };
  if (status === 'PACKED') return { text: 'Hand over', needsStore: true, press: presses.open };
  if (status === 'RESTOCK') return { text: 'Bring back', needsStore: false, press: presses.open };
  return undefined;
}
