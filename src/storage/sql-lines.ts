import { Transform, type TransformCallback } from 'node:stream';

const NEWLINE = 0x0a;

/** Hands every line of a dump to `each`, with its end, and passes on what that answers. Values hold no line ends there. */
export function sqlLines(each: (line: Buffer) => Buffer): Transform {
  let begun: Buffer[] = [];
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      let from = 0;
      for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
        const rest = chunk.subarray(from, end + 1);
        this.push(each(begun.length ? Buffer.concat([...begun, rest]) : rest));
        begun = [];
        from = end + 1;
      }
      if (from < chunk.length) begun.push(chunk.subarray(from));
      done();
    },
    flush(done: TransformCallback) {
      if (begun.length) this.push(each(Buffer.concat(begun)));
      done();
    },
  });
}
