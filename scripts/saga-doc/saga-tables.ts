import { CALLS, SAGA } from '../../domain/order/saga.ts';
import { ORDER_STATUSES, validTransitions } from '../../domain/order/transitions.ts';

/** Tables of docs/saga.md by the name of their place in it, as Markdown. */
export function sagaTables(): { readonly [place: string]: string } {
  return {
    steps: table(
      ['step', 'does', 'taken back by'],
      SAGA.map(({ name, call, undoneBy }) => [name, call ?? '', undoneBy]),
    ),
    calls: table(
      ['call', 'to', 'answer within', 'tries', 'then'],
      Object.entries(CALLS).map(([step, { to, timeoutMs, tries, fallback }]) => [
        step,
        to,
        `${timeoutMs / 1000} s`,
        tries === null ? 'for ever' : String(tries),
        fallback,
      ]),
    ),
    transitions: table(
      ['from', 'to'],
      ORDER_STATUSES.map((from) => [from, validTransitions(from).join(', ')]),
    ),
  };
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The page with each table in its place; throws when the page has no such place. */
export function fillTables(page: string, tables: { readonly [place: string]: string }): string {
  return Object.entries(tables).reduce((text, [place, filled]) => {
    const [open, close] = [`<!-- table: ${place} -->`, '<!-- end of table -->'];
    const start = text.indexOf(open);
    const end = text.indexOf(close, start);
    if (start < 0 || end < 0) throw new Error(`the page has no place for the table "${place}"`);
    return `${text.slice(0, start + open.length)}\n\n${filled}\n\n${text.slice(end)}`;
  }, page);
}
