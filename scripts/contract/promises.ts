/** One line of docs/contract.md. */
export interface PromiseLine {
  readonly id: string;
  /** Only part of what the line says is built. */
  readonly inPart: boolean;
  readonly text: string;
  /** The heading it stands under, such as `I: inventory and holds`. */
  readonly area: string;
}

const ROW = /^\| (?<id>[A-Z]\d{1,2})(?<part>, in part)? \| (?<text>.+) \|$/;

/** Reads the promises out of the contract's tables, in their order. */
export function readPromises(markdown: string): readonly PromiseLine[] {
  const promises: PromiseLine[] = [];
  let area = '';
  for (const line of markdown.split('\n')) {
    if (line.startsWith('## ')) area = line.slice('## '.length);
    const row = ROW.exec(line)?.groups;
    if (row?.['id'] !== undefined && row['text'] !== undefined)
      promises.push({ id: row['id'], inPart: row['part'] !== undefined, text: row['text'], area });
  }
  return promises;
}
