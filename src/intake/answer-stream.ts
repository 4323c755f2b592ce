/** What a response must be able to do to be written to as a stream. */
export interface Writable {
  readonly writableLength: number;
  readonly destroyed: boolean;
  write(text: string): boolean;
  on(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/** So much may wait in memory for a reader who sends everything before it begins to read. */
const UNREAD_BYTES = 1024 * 1024;

export class ReaderGone extends Error {}

/** Writes a line of NDJSON, and waits while the reader is too far behind. @throws {ReaderGone} */
export async function writeLine(to: Writable, line: object): Promise<void> {
  if (to.destroyed) throw new ReaderGone('the reader has gone');
  to.write(`${JSON.stringify(line)}\n`);
  if (to.writableLength <= UNREAD_BYTES) return;
  await new Promise<void>((resolve) => {
    const go = () => {
      to.off('drain', go);
      to.off('close', go);
      resolve();
    };
    to.on('drain', go);
    to.on('close', go);
  });
}
