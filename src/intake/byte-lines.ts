const NEWLINE = 0x0a;
const RETURN = 0x0d;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);

export interface ByteLine {
  /** From 1. */
  line: number;
  /** Without its line break; `null`: longer than the bound, its content was let go. */
  bytes: Buffer | null;
}

/** The lines of a stream as bytes, so that broken text in one spoils no other. Holds one line of at most `bound` bytes. */
export async function* byteLines(chunks: AsyncIterable<Buffer>, bound: number): AsyncGenerator<ByteLine> {
  let held = Buffer.alloc(0);
  let tooLong = false;
  let line = 1;
  for await (const chunk of withoutBom(chunks)) {
    let rest = chunk;
    for (let end = rest.indexOf(NEWLINE); end >= 0; end = rest.indexOf(NEWLINE)) {
      const bytes = Buffer.concat([held, rest.subarray(0, end)]);
      yield { line: line++, bytes: tooLong || bytes.length > bound ? null : withoutReturn(bytes) };
      rest = rest.subarray(end + 1);
      held = Buffer.alloc(0);
      tooLong = false;
    }
    held = Buffer.concat([held, rest]);
    if (held.length > bound + 1) {
      tooLong = true;
      held = Buffer.alloc(0);
    }
  }
  if (tooLong || held.length > bound) yield { line, bytes: null };
  else if (held.length) yield { line, bytes: withoutReturn(held) };
}

/** A UTF-8 byte order mark at the stream's start says nothing. */
export async function* withoutBom(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let start: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of chunks) {
    if (start === undefined) {
      yield chunk;
      continue;
    }
    start = Buffer.concat([start, chunk]);
    if (start.length < BOM.length) continue;
    yield start.subarray(0, BOM.length).equals(BOM) ? start.subarray(BOM.length) : start;
    start = undefined;
  }
  if (start?.length) yield start;
}

export const withoutReturn = (bytes: Buffer): Buffer => (bytes.at(-1) === RETURN ? bytes.subarray(0, -1) : bytes);
