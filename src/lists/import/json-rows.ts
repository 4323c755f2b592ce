import { HubException } from '../../commands/hub-exception.js';
import type { RawRow, RowFault } from './raw-row.js';

/** Longest row in characters. */
const MAX_ROW = 65_536;
/** What may stand around the rows: `{"effectiveFrom": "…", "rows": […]}`. */
const MAX_ENVELOPE = 1_024;

type Piece = { line: number; text: string };

/**
 * The rows of a JSON file: an array, or an object with `rows` and perhaps `effectiveFrom`. Taken apart as it streams
 * in, one row at a time, because parsing 70,000 rows in one go would hold up everything else.
 */
export class JsonRows {
  /** As the file states it; known once all rows were read. */
  effectiveFrom: string | undefined;

  private outside = '';
  private piece = '';
  private pieceLine = 0;
  private line = 1;
  private depth = 0;
  private inString = false;
  private escaped = false;
  private where: 'before' | 'rows' | 'after' = 'before';
  private afterComma = false;

  constructor(private readonly columnNames: readonly string[]) {}

  /** @throws {HubException} when the file is neither an array nor such an object. */
  async *read(text: AsyncIterable<string>): AsyncGenerator<RawRow> {
    for await (const chunk of text) {
      for (const piece of this.take(chunk)) yield this.rowOf(piece);
      if (this.piece.length > MAX_ROW) {
        yield fileFault(this.pieceLine, '一行过长，或括号、引号没有成对');
        return;
      }
      if (this.outside.length > MAX_ENVELOPE) throw notAList();
    }
    if (this.where === 'rows') yield fileFault(this.line, '内容不完整，括号或引号没有成对');
    else this.readEnvelope();
  }

  private *take(chunk: string): Generator<Piece> {
    let from = 0;
    for (let at = 0; at < chunk.length; at++) {
      const sign = chunk[at]!;
      if (sign === '\n') this.line++;
      if (this.where === 'rows' && this.pieceLine === 0 && !isBlank(sign)) this.pieceLine = this.line;
      if (this.inString) {
        this.inString = this.escaped || sign !== '"';
        this.escaped = sign === '\\' && !this.escaped;
        continue;
      }
      if (sign === '"') this.inString = true;
      if (this.where !== 'rows') {
        if (sign !== '[' || this.where === 'after' || !opensRows(this.outside + chunk.slice(from, at))) continue;
        this.outside += chunk.slice(from, at);
        this.where = 'rows';
        from = at + 1;
        continue;
      }
      if (sign === '{' || sign === '[') this.depth++;
      else if ((sign === '}' || sign === ']') && this.depth > 0) this.depth--;
      else if (sign === ',' || sign === ']') {
        if (this.depth > 0) continue;
        const piece = { line: this.pieceLine, text: this.piece + chunk.slice(from, at) };
        const blank = piece.text.trim() === '';
        if (!blank || sign === ',' || this.afterComma) yield piece;
        this.piece = '';
        this.pieceLine = 0;
        this.afterComma = sign === ',';
        from = at + 1;
        if (sign === ']') {
          this.where = 'after';
          this.outside += '[]';
        }
      }
    }
    if (this.where === 'rows') this.piece += chunk.slice(from);
    else this.outside += chunk.slice(from);
  }

  private rowOf({ line, text }: Piece): RawRow {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return fileFault(line, '不是正确的 JSON');
    }
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      return fileFault(line, '每一行应为一个对象');
    const cells: Record<string, string> = {};
    const faults: RowFault[] = [];
    for (const [name, field] of Object.entries(value)) {
      const text = cellText(field);
      if (!this.columnNames.includes(name)) faults.push({ column: '*', reason: '有不认识的字段' });
      else if (text === undefined) faults.push({ column: name, reason: '应为文字、数字、是否或编码的数组' });
      else cells[name] = text;
    }
    return { line, cells, faults };
  }

  private readEnvelope(): void {
    let envelope: unknown;
    try {
      envelope = JSON.parse(this.outside);
    } catch {
      throw notAList();
    }
    if (Array.isArray(envelope)) return;
    if (envelope === null || typeof envelope !== 'object') throw notAList();
    const { rows, effectiveFrom, ...others } = envelope as Record<string, unknown>;
    if (!Array.isArray(rows) || Object.keys(others).length > 0) throw notAList();
    if (effectiveFrom === undefined) return;
    if (typeof effectiveFrom !== 'string') {
      throw new HubException('payload_invalid', '生效时间应为文字', { field: 'effectiveFrom' });
    }
    this.effectiveFrom = effectiveFrom;
  }
}

/** Rows are texts, as in CSV: `true`, `3`, `a;b`; nothing stands for an empty cell. `undefined`: no such thing. */
function cellText(value: unknown): string | undefined {
  if (value === null) return '';
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((part): part is string => typeof part === 'string')) return value.join(';');
  return undefined;
}

const opensRows = (outside: string): boolean => /^\s*$/.test(outside) || /[{,]\s*"rows"\s*:\s*$/.test(outside);

const isBlank = (sign: string): boolean => sign === ' ' || sign === '\n' || sign === '\t';

const fileFault = (line: number, reason: string): RawRow => ({ line, cells: null, faults: [{ column: '*', reason }] });

const notAList = (): HubException =>
  new HubException('payload_malformed', '内容应为行的数组，或含 rows 和 effectiveFrom 的对象');
