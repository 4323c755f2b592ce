import { withoutBom, withoutReturn } from './byte-lines.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const RETURN = 0x0d;
const NEWLINE = 0x0a;

export interface CsvRecord {
  /** Where it begins, from 1. */
  line: number;
  bytes: Buffer;
}
export interface CsvFault {
  line: number;
  fault: 'too_long' | 'quote_not_closed';
}

type At = 'cell start' | 'plain' | 'quoted' | 'after quote';

/**
 * Cuts a stream of CSV into its records, as bytes; line breaks inside quoted cells belong to the record.
 * Bytes that mean something in CSV never occur inside a character of UTF-8, GBK or GB18030.
 * A quote that is never closed costs its own line only: reading goes on with the next one.
 */
export async function* csvRecords(chunks: AsyncIterable<Buffer>, bound: number): AsyncGenerator<CsvRecord | CsvFault> {
  const cutter = new Cutter(bound);
  for await (const chunk of withoutBom(chunks)) yield* cutter.take(chunk);
  yield* cutter.end();
}

class Cutter {
  private held: Buffer = Buffer.alloc(0);
  private next = 0;
  private at: At = 'cell start';
  private line = 1;
  private skipping = false;

  constructor(private readonly bound: number) {}

  *take(chunk: Buffer): Generator<CsvRecord | CsvFault> {
    this.held = this.held.length ? Buffer.concat([this.held, chunk]) : chunk;
    for (;;) {
      if (this.skipping && !this.skipToNewline()) return;
      const end = this.findEnd();
      if (end === 'astray' || (end ?? this.held.length) > this.bound) yield this.giveUpLine();
      else if (end === undefined) return;
      else yield* this.record(end);
    }
  }

  *end(): Generator<CsvRecord | CsvFault> {
    while (!this.skipping && this.held.length) {
      const end = this.findEnd();
      if (end === 'astray' || (end === undefined && this.at === 'quoted')) yield this.giveUpLine();
      else yield* this.record(end ?? this.held.length);
    }
  }

  /**
   * The place of the line break that ends the record; `undefined` when it is not there yet.
   * Astray: a quote that opened on an earlier line has met one that neither doubles nor closes it.
   */
  private findEnd(): number | 'astray' | undefined {
    for (; this.next < this.held.length; this.next++) {
      const byte = this.held[this.next]!;
      if (byte === NEWLINE && this.at !== 'quoted') return this.next;
      const before = this.at;
      this.at = after(before, byte);
      if (before === 'after quote' && this.at === 'plain' && this.held.subarray(0, this.next).includes(NEWLINE)) {
        return 'astray';
      }
    }
    return undefined;
  }

  private *record(end: number): Generator<CsvRecord> {
    const bytes = withoutReturn(this.held.subarray(0, end));
    const line = this.line;
    this.drop(end + 1);
    if (bytes.length) yield { line, bytes };
  }

  /** The line where the record began is lost; what follows it is read anew. */
  private giveUpLine(): CsvFault {
    const { line } = this;
    const newline = this.held.indexOf(NEWLINE);
    const fits = newline >= 0 ? newline <= this.bound : this.held.length <= this.bound;
    if (newline >= 0) this.drop(newline + 1);
    else {
      this.skipping = true;
      this.held = Buffer.alloc(0);
    }
    return { line, fault: fits ? 'quote_not_closed' : 'too_long' };
  }

  private skipToNewline(): boolean {
    const newline = this.held.indexOf(NEWLINE);
    if (newline < 0) this.held = Buffer.alloc(0);
    else {
      this.skipping = false;
      this.drop(newline + 1);
    }
    return newline >= 0;
  }

  private drop(length: number): void {
    for (let at = this.held.indexOf(NEWLINE); at >= 0 && at < length; at = this.held.indexOf(NEWLINE, at + 1))
      this.line++;
    this.held = this.held.subarray(length);
    this.next = 0;
    this.at = 'cell start';
  }
}

function after(at: At, byte: number): At {
  if (at === 'quoted') return byte === QUOTE ? 'after quote' : 'quoted';
  if (byte === COMMA) return 'cell start';
  if (byte === QUOTE) {
    if (at === 'cell start' || at === 'after quote') return 'quoted';
    return 'plain';
  }
  return at === 'after quote' && byte === RETURN ? 'after quote' : 'plain';
}
