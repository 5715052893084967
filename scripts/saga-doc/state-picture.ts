import { mayCancel } from '../../domain/order/cancellation.ts';
import { validTransitions } from '../../domain/order/transitions.ts';
import type { OrderStatus } from '../../domain/order/transitions.ts';

/** The way to the door, from top to bottom; what ends it otherwise stands beside it. */
const WAY: readonly OrderStatus[] = [
  'PENDING',
  'CONFIRMED',
  'ASSIGNED_TO_STORE',
  'PICKING',
  'PACKED',
  'ASSIGNED_TO_PARTNER',
  'PICKED_UP',
  'IN_TRANSIT',
  'DELIVERED',
  'CLOSED',
];
const BOX = { width: 190, height: 34 };
const ROW = 62;
const LEFT = 150;
const RIGHT = 560;
const SIZE = { width: 800, height: WAY.length * ROW + 30 };

interface Place {
  /** Left upper corner. */
  readonly x: number;
  readonly y: number;
}

function placeOf(status: OrderStatus): Place {
  if (status === 'CANCELLED') return { x: RIGHT, y: 30 + 3 * ROW };
  if (status === 'REFUNDED') return { x: RIGHT, y: 30 + 8 * ROW };
  return { x: LEFT, y: 30 + WAY.indexOf(status) * ROW };
}

/** The state machine of an order as SVG: every edge of the table, none that is not in it. */
export function statePicture(): string {
  const statuses: readonly OrderStatus[] = [...WAY, 'CANCELLED', 'REFUNDED'];
  const edges = statuses.flatMap((from) => validTransitions(from).map((to) => edge(from, to)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" font-family="system-ui, sans-serif" font-size="13" role="img" aria-label="The states of an order and the ways between them">
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" fill="#475569"/></marker></defs>
<rect width="${SIZE.width}" height="${SIZE.height}" fill="#ffffff"/>
${edges.join('\n')}
${statuses.map(box).join('\n')}
</svg>
`;
}

function box(status: OrderStatus): string {
  const { x, y } = placeOf(status);
  const fill = status === 'CANCELLED' || status === 'REFUNDED' ? '#fee2e2' : '#dcfce7';
  const [middle, baseline] = [x + BOX.width / 2, y + BOX.height / 2 + 5];
  return `<rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="6" fill="${fill}" stroke="#475569"/><text x="${middle}" y="${baseline}" text-anchor="middle">${status}</text>`;
}

function edge(from: OrderStatus, to: OrderStatus): string {
  const [a, b] = [placeOf(from), placeOf(to)];
  if (a.x === b.x) return b.y > a.y ? down(a, b) : back(a, b);
  const start = { x: a.x + BOX.width, y: a.y + BOX.height / 2 };
  const end = { x: b.x, y: b.y + BOX.height / 2 };
  const bend = (start.x + end.x) / 2;
  const words = to === 'CANCELLED' ? cancellers(from) : '';
  return `${path(`M${start.x} ${start.y}C${bend} ${start.y} ${bend} ${end.y} ${end.x} ${end.y}`)}${label(start.x + 8, start.y + (end.y < start.y ? 14 : -5), words)}`;
}

function down(a: Place, b: Place): string {
  const x = a.x + BOX.width / 2;
  return path(`M${x} ${a.y + BOX.height}L${x} ${b.y}`);
}

/** A back edge, each with a reason, on the far side. */
function back(a: Place, b: Place): string {
  const [from, to] = [a.y + BOX.height / 2, b.y + BOX.height / 2];
  const bend = a.x - 70;
  return path(`M${a.x} ${from}C${bend} ${from} ${bend} ${to} ${b.x} ${to}`, '5 3');
}

function path(d: string, dashes = 'none'): string {
  return `<path d="${d}" fill="none" stroke="#475569" stroke-dasharray="${dashes}" marker-end="url(#tip)"/>`;
}

function label(x: number, y: number, words: string): string {
  return words === '' ? '' : `<text x="${x}" y="${y}" font-size="11" fill="#475569">${words}</text>`;
}

function cancellers(status: OrderStatus): string {
  const who = (['customer', 'operator'] as const).filter((kind) => mayCancel(kind, status));
  return who.length === 0 ? 'by itself' : who.join(', ');
}
