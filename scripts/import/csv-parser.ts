/** One record of the file. */
export interface CsvRecord {
  /** Of its first character, from 1, as an editor counts. */
  readonly line: number;
  readonly fields: readonly string[];
}

export type CsvItem =
  | ({ readonly kind: 'record' } & CsvRecord)
  | { readonly kind: 'broken'; readonly line: number; readonly reason: string };

/** Characters of one record: far above any article, and what keeps an unclosed quote from eating the file. */
export const RECORD_CHARACTERS_MAX = 64 * 1024;

type State = 'start' | 'bare' | 'quoted' | 'quote-in-quoted' | 'skip';

/**
 * Reads CSV as it comes, piece by piece (RFC 4180, with bare LF and CR line ends as well). A quote inside an unquoted field
 * is an ordinary character, as spreadsheets take it. A record it cannot read is given as `broken`; the next line is
 * read again. Empty lines are skipped.
 */
export class CsvParser {
  #state: State = 'start';
  #field = '';
  #fields: string[] = [];
  #line = 1;
  #recordLine = 1;
  #size = 0;
  #afterCr = false;

  push(text: string): CsvItem[] {
    const items: CsvItem[] = [];
    for (const character of text) this.#take(character, items);
    return items;
  }

  /** What is left after the last piece. */
  end(): CsvItem[] {
    const items: CsvItem[] = [];
    if (this.#state === 'quoted') items.push(this.#broken('a quoted field is not closed'));
    else if (this.#state !== 'skip') this.#endRecord(items);
    return items;
  }

  #take(character: string, items: CsvItem[]): void {
    const newline =
      character === '\n' && this.#afterCr ? '' : character === '\r' || character === '\n' ? '\n' : character;
    this.#afterCr = character === '\r';
    if (newline === '') return;
    if (newline === '\n') this.#line += 1;
    this.#size += 1;
    if (this.#size > RECORD_CHARACTERS_MAX && this.#state !== 'skip') {
      items.push(this.#broken(`a record has more than ${RECORD_CHARACTERS_MAX} characters; is a quote not closed?`));
      this.#state = 'skip';
    }
    this.#step(newline, items);
  }

  #step(character: string, items: CsvItem[]): void {
    switch (this.#state) {
      case 'start':
        if (character === '"') this.#state = 'quoted';
        else this.#bare(character, items);
        return;
      case 'bare':
        this.#bare(character, items);
        return;
      case 'quoted':
        if (character === '"') this.#state = 'quote-in-quoted';
        else this.#field += character;
        return;
      case 'quote-in-quoted':
        this.#afterQuote(character, items);
        return;
      case 'skip':
        if (character === '\n') this.#next();
        return;
    }
  }

  #bare(character: string, items: CsvItem[]): void {
    if (character === ',') this.#endField();
    else if (character === '\n') this.#endRecord(items);
    else {
      this.#field += character;
      this.#state = 'bare';
    }
  }

  #afterQuote(character: string, items: CsvItem[]): void {
    if (character === '"') {
      this.#field += '"';
      this.#state = 'quoted';
    } else if (character === ',') this.#endField();
    else if (character === '\n') this.#endRecord(items);
    else {
      items.push(this.#broken('text follows a closing quote'));
      this.#state = 'skip';
    }
  }

  #endField(): void {
    this.#fields.push(this.#field);
    this.#field = '';
    this.#state = 'start';
  }

  #endRecord(items: CsvItem[]): void {
    const empty = this.#fields.length === 0 && this.#field.trim() === '' && this.#state !== 'quote-in-quoted';
    this.#endField();
    if (!empty) items.push({ kind: 'record', line: this.#recordLine, fields: this.#fields });
    this.#next();
  }

  #broken(reason: string): CsvItem {
    return { kind: 'broken', line: this.#recordLine, reason };
  }

  #next(): void {
    this.#state = 'start';
    this.#field = '';
    this.#fields = [];
    this.#size = 0;
    this.#recordLine = this.#line;
  }
}
