import { HubException } from '../../commands/hub-exception.js';

/**
 * A file's text as it streams in: without BOM, every line break a single `\n`.
 * Broken UTF-8 comes out as U+FFFD, so that each row can tell its own.
 * @throws {HubException} `payload_too_large`, after the sender was heard out.
 */
export async function* utf8Text(bytes: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8');
  let total = 0;
  let heldBack = '';
  for await (const chunk of bytes) {
    total += chunk.byteLength;
    if (total > maxBytes) continue;
    const text = heldBack + decoder.decode(chunk, { stream: true });
    // A carriage return at the end may be half of a line break.
    heldBack = text.endsWith('\r') ? '\r' : '';
    yield withSingleBreaks(text.slice(0, text.length - heldBack.length));
  }
  if (total > maxBytes) throw new HubException('payload_too_large', '文件超过允许的大小');
  yield withSingleBreaks(heldBack + decoder.decode());
}

const withSingleBreaks = (text: string): string => text.replace(/\r\n?/g, '\n');
