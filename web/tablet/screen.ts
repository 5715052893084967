import type { PickLineView, PickTaskView } from '../../contracts/ws/tablet.ts';
import type { Refused } from './device-journal.ts';
import { button, element, form, make, show } from './elements.ts';
import { behind, isComplete, missing } from './floor-state.ts';
import { counted, dueInWords, leftInWords, statusInWords, unitsInWords } from './words.ts';

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
  readonly work: PickTaskView | undefined;
  /** Bags that are sealed and not packed yet, or seals scanned at handover. */
  readonly seals: readonly string[];
}

export interface Presses {
  readonly accept: (task: PickTaskView) => void;
  readonly claim: (task: PickTaskView) => void;
  readonly open: (task: PickTaskView) => void;
  readonly giveUp: (line: PickLineView) => void;
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

function drawAlerts({ refused, notes }: Picture, presses: Presses): void {
  const rows = refused.map(({ id, words, problem }) =>
    alert(`${words}. ${problem.detail}`, () => {
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

function drawQueue({ tasks, userId, nowMs, isOnline, work }: Picture, presses: Presses): void {
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
    if (act !== undefined && task.taskId !== work?.taskId) {
      const press = button(act.text, () => {
        act.press(task);
      });
      press.id = `act-${task.taskId}`;
      // Two could take it: only the store can say whose it is.
      press.disabled = act.needsStore && !isOnline;
      row.append(press);
    }
    return row;
  });
  show(element('queue'), rows.length > 0 ? rows : [make('li', 'Nothing to do.')]);
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

function drawWork({ work, seals, isOnline, waiting }: Picture, presses: Presses): void {
  const section = element('work');
  section.hidden = work === undefined;
  if (work === undefined) return;
  const isPicking = work.status === 'PICKING';
  const canPack = isPicking && isComplete(work);
  element('work-title').textContent = `Order ${work.orderNumber}`;
  element('work-told').textContent = leftInWords(work);
  show(element('lines'), work.status === 'PACKED' ? [] : work.lines.map((line) => lineRow(work, line, presses)));
  form('scan-form').hidden = canPack || work.status === 'PACKED';
  form('pack-form').hidden = !canPack;
  form('handover-form').hidden = work.status !== 'PACKED';
  element('give-back').hidden = !isPicking;
  if (canPack) drawPacking(work, seals);
  if (work.status === 'PACKED') drawHandover(work, seals, isOnline && waiting === 0);
}

function lineRow(task: PickTaskView, line: PickLineView, presses: Presses): HTMLElement {
  const isBack = task.status === 'RESTOCK';
  const left = isBack ? behind(line) : missing(line);
  const [done, all] = isBack ? [line.restocked, line.picked] : [line.picked, line.quantity - line.shorted];
  const row = make('li', '', left === 0 ? 'done' : '');
  row.append(make('span', line.name, 'name'), make('span', line.bin, 'bin'), make('span', `${done}/${all}`, 'count'));
  if (left > 0) {
    const press = button(
      isBack ? 'Unfit' : 'Not there',
      () => {
        presses.giveUp(line);
      },
      'quiet',
    );
    press.id = `short-${line.sku}`;
    row.append(press);
  } else row.append(make('span', line.shorted > 0 ? `${line.shorted} given up` : '✓'));
  return row;
}

function drawPacking({ packing, lines }: PickTaskView, seals: readonly string[]): void {
  const isEmpty = lines.every(({ picked }) => picked === 0);
  const wanted = packing.map(({ size, zone }) => `${size} ${zone}`).join(', ');
  const sealed = seals.length === 0 ? '' : ` Sealed: ${seals.join(', ')}.`;
  element('pack-told').textContent = isEmpty ? 'Nothing was there: no bag.' : `Bags: ${wanted}.${sealed}`;
  const pack = element('pack');
  if (pack instanceof HTMLButtonElement) pack.disabled = !isEmpty && seals.length === 0;
}

function drawHandover({ sealed, bags, courierId }: PickTaskView, seals: readonly string[], canAsk: boolean): void {
  const open = sealed.filter(({ seal }) => !seals.includes(seal)).length;
  const courier = courierId === null ? 'No courier yet. ' : '';
  const told = `${courier}${counted(bags, 'bag')}, ${counted(open, 'seal')} to scan.`;
  element('handover-told').textContent = canAsk ? told : `${told} The store checks the code: wait for wifi.`;
}
