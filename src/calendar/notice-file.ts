import type { Readable } from 'node:stream';
import { HubException } from '../commands/hub-exception.js';

/** The file of all years that there ever were has a tenth of it. */
export const MOST_BYTES = 1_048_576;

export type IncomingFile = Readable & { headers: Record<string, string | string[] | undefined> };

/**
 * The text of a notice as it was sent. Its form is told by what it says, not by its type.
 * @throws {HubException} `payload_malformed`, `payload_too_large` [WD7]
 */
export async function noticeText(request: IncomingFile): Promise<string> {
  const type = String(request.headers['content-type'] ?? '');
  const [, charset] = /charset="?([^";\s]+)/i.exec(type) ?? [];
  if (charset && !/^utf-?8$/i.test(charset)) throw malformed('文件应为 UTF-8 编码', 'content-type');
  if (!/^(application\/json|text\/calendar)\b/i.test(type)) {
    throw malformed('应为 application/json 或 text/calendar（.ics）', 'content-type');
  }
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Heard out to the end, so that the sender reads the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    bytes += chunk.byteLength;
    if (bytes <= MOST_BYTES) chunks.push(chunk);
  }
  if (bytes > MOST_BYTES) {
    throw new HubException('payload_too_large', '文件超过 1 MiB', { field: 'body', clause: 'WD7' });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    throw malformed('文件应为 UTF-8 编码', 'body');
  }
}

const malformed = (message: string, field: string) =>
  new HubException('payload_malformed', message, { field, clause: 'WD7' });
