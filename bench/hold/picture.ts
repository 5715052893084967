import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/start/worker-bundle.ts';
import type { Figures } from '../bench.ts';

interface Bar {
  readonly figure: string;
  readonly label: string;
  readonly wanted?: number;
}

const BARS: readonly Bar[] = [
  { figure: 'hot_sku_vs_postgres_tx', label: 'hot SKU, PostgreSQL BEGIN … COMMIT', wanted: 8 },
  { figure: 'hot_sku_vs_postgres_statement', label: 'hot SKU, PostgreSQL one statement', wanted: 3.5 },
  { figure: 'hot_sku_vs_naive_object', label: 'hot SKU, naive object', wanted: 4 },
  { figure: 'hot_sku_vs_redis_lua_always', label: 'hot SKU, Redis Lua, AOF always' },
  { figure: 'hot_sku_vs_redis_lua_everysec', label: 'hot SKU, Redis Lua, AOF everysec' },
  { figure: 'hot_sku_vs_hello', label: 'hot SKU, hello of the Worker', wanted: 0.4 },
  { figure: 'zipf_vs_postgres_tx', label: 'Zipf, PostgreSQL BEGIN … COMMIT' },
  { figure: 'zipf_vs_postgres_statement', label: 'Zipf, PostgreSQL one statement' },
  { figure: 'basket8_vs_postgres_tx', label: 'baskets of 8, PostgreSQL BEGIN … COMMIT', wanted: 8 },
  { figure: 'basket8_vs_postgres_statement', label: 'baskets of 8, PostgreSQL one statement' },
  { figure: 'basket8_vs_redis_lua_always', label: 'baskets of 8, Redis Lua, AOF always' },
  { figure: 'flash_vs_postgres_statement', label: 'flash drop, PostgreSQL one statement' },
  { figure: 'reads_vs_postgres_statement', label: '90 % reads, PostgreSQL one statement' },
  { figure: 'churn_vs_postgres_statement', label: 'hold and release, PostgreSQL one statement' },
  { figure: 'availability_vs_hello', label: 'availability, hello of the Worker', wanted: 0.8 },
];

const LABEL_WIDTH = 320;
const PLOT_WIDTH = 420;
const VALUE_WIDTH = 130;
const ROW = 26;
const BAR = 14;
const TOP = 56;
const BOTTOM = 34;
/** Ratios from a quarter to 64, each doubling as wide as the next. */
const LEAST = 0.25;
const MOST = 64;

/** Writes `docs/hold-bench.svg` from the figures of a run. */
export function drawPicture(figures: Figures): void {
  writeFileSync(join(ROOT, 'docs/hold-bench.svg'), picture(figures));
}

/** How many times as many holds Kirana made as each contender: the median of rounds as a bar, least and most as whiskers. */
export function picture(figures: Figures): string {
  const bars = BARS.filter(({ figure }) => typeof figures[figure] === 'number');
  const width = LABEL_WIDTH + PLOT_WIDTH + VALUE_WIDTH;
  const height = TOP + bars.length * ROW + BOTTOM;
  const ticks = Array.from({ length: Math.log2(MOST / LEAST) + 1 }, (_, index) => LEAST * 2 ** index);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="system-ui, sans-serif" font-size="13" role="img">`,
    '<title>Holds of stock: how many times as many Kirana made as each contender</title>',
    `<rect width="${width}" height="${height}" fill="#ffffff"/>`,
    `<text x="16" y="24" font-size="15" font-weight="600" fill="#1f2933">How many times as much Kirana did, against</text>`,
    `<text x="16" y="42" fill="#616e7c">median of rounds, whiskers from least to most, ◆ the goal; each line to the right is double</text>`,
    ...ticks.map((ratio) => gridLine(ratio, height)),
    ...bars.map((bar, index) => row(bar, figures, TOP + index * ROW)),
    '</svg>',
    '',
  ].join('\n');
}

function gridLine(ratio: number, height: number): string {
  const x = place(ratio);
  const isOne = ratio === 1;
  const line = `<line x1="${x}" y1="${TOP - 4}" x2="${x}" y2="${height - BOTTOM}" stroke="${isOne ? '#616e7c' : '#e4e7eb'}"/>`;
  return `${line}<text x="${x}" y="${height - BOTTOM + 18}" text-anchor="middle" fill="#616e7c">${ratio}×</text>`;
}

function row({ figure, label, wanted }: Bar, figures: Figures, top: number): string {
  const value = number(figures[figure]);
  const [min, max] = [number(figures[`${figure}_min`] ?? value), number(figures[`${figure}_max`] ?? value)];
  const middle = top + ROW / 2;
  const [one, end] = [place(1), place(value)];
  const missed = wanted !== undefined && value < wanted;
  const parts = [
    `<text x="${LABEL_WIDTH - 12}" y="${middle + 4}" text-anchor="end" fill="#1f2933">${label}</text>`,
    `<rect x="${Math.min(one, end)}" y="${middle - BAR / 2}" width="${fixed(Math.abs(end - one))}" height="${BAR}" fill="${missed ? '#e8a87c' : '#6aa6c9'}"/>`,
    `<line x1="${place(min)}" y1="${middle}" x2="${place(max)}" y2="${middle}" stroke="#1f2933"/>`,
    whisker(min, middle),
    whisker(max, middle),
    wanted === undefined
      ? ''
      : `<text x="${place(wanted)}" y="${middle + 5}" text-anchor="middle" fill="#b44d12">◆</text>`,
    `<text x="${LABEL_WIDTH + PLOT_WIDTH + 12}" y="${middle + 4}" fill="#1f2933">${value}×${wanted === undefined ? '' : ` (goal ${wanted})`}</text>`,
  ];
  return parts.filter((part) => part !== '').join('');
}

function whisker(ratio: number, middle: number): string {
  const x = place(ratio);
  return `<line x1="${x}" y1="${middle - 4}" x2="${x}" y2="${middle + 4}" stroke="#1f2933"/>`;
}

/** Where a ratio lies, on a scale where each doubling is as wide as the next. */
function place(ratio: number): number {
  const clipped = Math.min(MOST, Math.max(LEAST, ratio));
  return fixed(LABEL_WIDTH + (Math.log2(clipped / LEAST) / Math.log2(MOST / LEAST)) * PLOT_WIDTH);
}

function fixed(value: number): number {
  return Number(value.toFixed(1));
}

function number(figure: number | string | null | undefined): number {
  return typeof figure === 'number' ? figure : 0;
}
