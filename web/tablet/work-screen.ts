import type { PickTaskView } from '../../contracts/ws/tablet.ts';
import { button, element, form, make, show, showText } from './elements.ts';
import type { Picture, Presses } from './screen.ts';
import { proposalInWords } from './substitute-words.ts';
import { counted, leftInWords, metresInWords, timeLeft, totesInWords } from './words.ts';
import { nextStop, openProposals, partLeft, pickLeft, replaceable } from './work.ts';
import type { BinPick, Part, Work } from './work.ts';

/** What is in hand: where to go now, all stops in order, and the bags. */
export function drawWork(picture: Picture, presses: Presses): void {
  const { work, packing } = picture;
  element('work').hidden = work === undefined;
  if (work === undefined) return;
  const [first] = work.tasks;
  const status = packing?.status ?? first?.status;
  const numbers = work.tasks.map(({ orderNumber }) => orderNumber).join(', ');
  showText(
    element('work-title'),
    work.tasks.length > 1 ? `Wave of ${work.tasks.length}: ${numbers}` : `Order ${numbers}`,
  );
  showText(element('work-told'), leftInWords(work));
  drawNext(work);
  show(element('lines'), status === 'PACKED' ? [] : lineRows(picture, work, presses));
  form('scan-form').hidden = packing !== undefined || status === 'PACKED';
  form('pack-form').hidden = packing === undefined;
  form('handover-form').hidden = status !== 'PACKED';
  const giveBack = element('give-back');
  giveBack.hidden = status !== 'PICKING';
  giveBack.textContent = work.tasks.length > 1 ? 'Give the wave back' : 'Give the order back';
  if (packing !== undefined) drawPacking(picture, work, packing, presses);
  if (first !== undefined && status === 'PACKED') drawHandover(picture, first, presses);
}

/** Big enough for a tablet on a cart: where to go, what to take there, and for whom. */
function drawNext(work: Work): void {
  const stop = work.tasks[0]?.status === 'PACKED' ? undefined : nextStop(work);
  const card = element('next');
  card.hidden = stop === undefined;
  if (stop === undefined) return;
  const takes = stop.picks.filter((pick) => pickLeft(pick) > 0);
  const [here] = takes;
  showText(element('next-bin'), here?.bin ?? '');
  showText(element('next-way'), metresInWords(stop, work));
  const zone = here?.parts[0]?.line.zone;
  showText(element('next-zone'), zone === undefined || zone === 'ambient' ? '' : zone);
  const told = takes.flatMap((pick) => pick.parts.flatMap((part) => takeInWords(work, part, pick.bin !== here?.bin)));
  showText(element('next-take'), told.join('\n'));
}

/** Kept together: a number at the end of a row is read as another one. */
const NO_BREAK = '\u00A0';

function takeInWords(work: Work, part: Part, isElsewhere: boolean): string[] {
  const left = partLeft(part);
  if (left === 0) return [];
  const totes = totesInWords(work, part.task);
  const where = isElsewhere ? `${part.line.bin}: ` : '';
  return [`${where}${left}${NO_BREAK}×${NO_BREAK}${part.line.name}${totes === '' ? '' : ` into ${totes}`}`];
}

function lineRows(picture: Picture, work: Work, presses: Presses): HTMLElement[] {
  const next = nextStop(work);
  return work.stops.flatMap((stop) =>
    stop.picks.map((pick) => {
      const row = pickRow(picture, work, pick, presses);
      if (stop === next && pickLeft(pick) > 0) row.setAttribute('aria-current', 'step');
      return row;
    }),
  );
}

function pickRow({ isOnline, nowMs }: Picture, work: Work, pick: BinPick, presses: Presses): HTMLElement {
  const isBack = work.tasks[0]?.status === 'RESTOCK';
  const left = pickLeft(pick);
  const { line } = pick.parts[0] ?? {};
  const name = line?.name ?? pick.sku;
  const row = make('li', '', left === 0 ? 'done' : '');
  const isCold = line !== undefined && line.zone !== 'ambient';
  row.append(make('span', isCold ? `${name}, ${line.zone}` : name, 'name'));
  if (line?.substituteFor != null)
    row.append(make('span', `in place of ${nameOf(pick.parts, line.substituteFor)}`, 'why'));
  row.append(make('span', pick.bin, 'bin'));
  row.append(make('span', pick.parts.map((part) => countOf(work, part)).join('\n'), 'count'));
  const shorted = pick.parts.reduce((sum, part) => sum + part.line.shorted, 0);
  if (left > 0) {
    const press = button(isBack ? 'Unfit' : 'Not there', () => presses.giveUp(pick), 'quiet');
    press.id = `short-${pick.sku}-${line?.bin ?? ''}`;
    press.setAttribute('aria-label', `${isBack ? 'Unfit' : 'Not there'}: ${name}`);
    row.append(press);
  } else row.append(make('span', shorted > 0 ? `${shorted} given up` : '✓'));
  for (const part of pick.parts) row.append(...substitution(part, { isOnline, nowMs }, work, presses));
  return row;
}

/** What stands in for units that were given up: asked for, answered, or to be looked for. */
function substitution(
  part: Part,
  { isOnline, nowMs }: Pick<Picture, 'isOnline' | 'nowMs'>,
  work: Work,
  presses: Presses,
): HTMLElement[] {
  const { task, line } = part;
  const told = task.substitutions
    .filter(({ sku }) => sku === line.sku)
    .map((proposal) => make('p', proposalInWords(proposal, nowMs), `proposal ${proposal.status}`));
  if (replaceable(part) === 0) return told;
  const whose = work.tasks.length > 1 ? ` for ${totesInWords(work, task)}` : '';
  const press = button(`Substitute${whose}`, () => presses.substitute(part), 'quiet');
  press.id = `substitute-${task.taskId}-${line.sku}`;
  press.setAttribute('aria-label', `Substitute${whose}: ${line.name}`);
  press.disabled = !isOnline;
  const row = make('p', isOnline ? '' : 'A substitute needs the connection. ', 'proposal');
  row.append(press);
  return [...told, row];
}

function nameOf(parts: readonly Part[], sku: string): string {
  return parts.flatMap(({ task }) => task.lines).find((line) => line.sku === sku)?.name ?? sku;
}

function countOf(work: Work, { task, line }: Part): string {
  const [done, all] =
    task.status === 'RESTOCK' ? [line.restocked, line.picked] : [line.picked, line.quantity - line.shorted];
  const totes = totesInWords(work, task);
  return totes === '' ? `${done}/${all}` : `${totes}: ${done}/${all}`;
}

function drawPacking({ seals, nowMs }: Picture, work: Work, task: PickTaskView, presses: Presses): void {
  const { packing, lines, orderNumber } = task;
  const isEmpty = lines.every(({ picked }) => picked === 0);
  const wanted = packing.map(({ size, zone }) => `${size} ${zone}`).join(', ');
  const whose = work.tasks.length > 1 ? `${orderNumber} (${totesInWords(work, task)}): ` : '';
  const open = openProposals(task, nowMs);
  const last = open
    .map(({ expiresAt }) => expiresAt)
    .toSorted()
    .at(-1);
  const told = isEmpty ? 'Nothing was there: no bag.' : `Bags: ${wanted}.`;
  const waits = last === undefined ? told : `Packing waits for the customer’s answer, ${timeLeft(last, nowMs)} left.`;
  showText(element('pack-told'), `${whose}${waits}`);
  drawSeals('pack-seals', seals, presses);
  const pack = element('pack');
  if (pack instanceof HTMLButtonElement) pack.disabled = open.length > 0 || (!isEmpty && seals.length === 0);
}

function drawHandover({ seals, isOnline, waiting }: Picture, task: PickTaskView, presses: Presses): void {
  const { sealed, bags, courierId } = task;
  const open = sealed.filter(({ seal }) => !seals.includes(seal)).length;
  const foreign = seals.filter((seal) => !sealed.some((bag) => bag.seal === seal));
  const courier = courierId === null ? 'No courier yet. ' : '';
  const other = foreign.length === 0 ? '' : ` ${foreign.join(', ')}: not of this order.`;
  const wifi = isOnline && waiting === 0 ? '' : ' The store checks the code: wait for wifi.';
  showText(
    element('handover-told'),
    `${courier}${counted(bags, 'bag')}, ${counted(open, 'seal')} to scan.${other}${wifi}`,
  );
  drawSeals('handover-seals', seals, presses);
}

/** Each can be taken back: a seal of another bag is scanned sooner or later. */
function drawSeals(id: string, seals: readonly string[], { unscanSeal }: Presses): void {
  show(
    element(id),
    seals.map((seal) => {
      const press = button(`${seal} ×`, () => unscanSeal(seal), 'quiet');
      press.id = `${id}-${seal}`;
      press.setAttribute('aria-label', `Take back seal ${seal}`);
      const row = make('li');
      row.append(press);
      return row;
    }),
  );
}
