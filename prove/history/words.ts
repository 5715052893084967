import type { StockLine } from '../../contracts/rpc/store.ts';
import type { Act, FloorAct, HoldAct, OperatorCommand } from './act.ts';
import { isTold } from './told.ts';

/** An act as a sentence. */
export function actInWords(act: Act): string {
  switch (act.do) {
    case 'hold':
      return holdInWords(act);
    case 'holdMany':
      return `in one call, ${act.holds.map(holdInWords).join('; ')}`;
    case 'renew':
      return `the ${act.buyer} renews hold ${act.hold}`;
    case 'release':
      return `${buyerInWords(act)} releases hold ${act.hold}`;
    case 'promote':
      return `order ${act.order} takes over hold ${act.hold} of the ${act.buyer}`;
    case 'commit':
      return `order ${act.order} commits hold ${act.hold}${act.keep === null ? '' : `, at most ${act.keep} of a line`}`;
    case 'expectCourier':
      return `order ${act.order} names its courier`;
    case 'cancelPick':
      return `order ${act.order} is called off`;
    case 'floor':
      return `picker ${act.picker + 1} ${floorInWords(act.what)} order ${act.order}`;
    case 'receive':
      return `goods come with note ${act.note}: ${linesInWords(act.lines)}`;
    case 'execute':
      return commandInWords(act.command);
    case 'startCount':
      return `picker ${act.picker + 1} starts count ${act.count}`;
    case 'submitCount':
      return `picker ${act.picker + 1} submits count ${act.count} with ${act.off} units more than the ledger has`;
    case 'send':
      return `store ${act.from + 1} sends transfer ${act.transfer}: ${linesInWords(act.lines)}`;
    case 'unload':
      return `transfer ${act.transfer} of store ${act.from + 1} is unloaded, ${act.missing} units missing`;
    case 'callBack':
      return `store ${act.from + 1} calls transfer ${act.transfer} back`;
    case 'pass':
      return `${act.ms / 1000} s pass, alarm ${act.alarm}`;
    case 'fault':
      return `of the next command's writes, the one after ${act.after} fails`;
    case 'again':
      return `call ${act.ago} before this one comes again`;
    case 'reuse':
      return `the id of call ${act.ago} before this one is used for something else`;
  }
}

/** `WriteOffStock: sku MILK, quantity 2`: the fields that it has, in their own words. */
function commandInWords({ do: name, ...fields }: OperatorCommand): string {
  const said = Object.entries(fields).map(([field, value]) => `${field} ${valueInWords(value)}`);
  return `${name}${said.length === 0 ? '' : ': '}${said.join(', ')}`;
}

function valueInWords(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** An answer in one word: what was refused, or that it was done. */
export function answerInWords(answer: unknown): string {
  if (Array.isArray(answer)) return answer.map(answerInWords).join(', ');
  if (!isTold(answer)) return 'done';
  if (answer.ok) return 'yes';
  const { error, problem } = { error: undefined, problem: undefined, ...answer };
  return codeOf(error) ?? codeOf(problem) ?? 'no';
}

function codeOf(refusal: unknown): string | undefined {
  return typeof refusal === 'object' && refusal !== null && 'code' in refusal ? String(refusal.code) : undefined;
}

function holdInWords(act: HoldAct): string {
  return `${buyerInWords(act)} asks for hold ${act.hold} of ${linesInWords(act.lines)}`;
}

function buyerInWords({ buyer, order }: Pick<HoldAct, 'buyer' | 'order'>): string {
  return buyer === 'order' ? `order ${order}` : `the ${buyer}`;
}

function floorInWords(what: FloorAct): string {
  switch (what.do) {
    case 'scan':
    case 'restock':
      return `${what.do === 'scan' ? 'scans' : 'puts back'} ${what.quantity ?? 'all'} of line ${what.line + 1} of`;
    case 'short':
      return `gives up ${what.quantity} of line ${what.line + 1} (${what.reason}) of`;
    case 'reject':
      return `rejects (${what.reason}${what.notThere ? ', the first line is not there' : ''})`;
    case 'handover':
      return `hands over with code ${what.code}`;
    case 'letGo':
      return 'lets go of';
    case 'handoff':
      return 'passes to the other picker';
    case 'pack':
      return what.sealed ? 'packs with a seal' : 'packs';
    case 'accept':
    case 'claim':
      return `${what.do}s`;
    case 'claimWave':
      return 'asks for a wave, looking at';
    case 'heartbeat':
      return 'is still busy with';
  }
}

function linesInWords(lines: readonly StockLine[]): string {
  return lines.map(({ sku, quantity }) => `${quantity} ${sku}`).join(' + ');
}
