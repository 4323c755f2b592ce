import type { HubError } from '@minqing-hub/client-sdk/protocol';

const MAX_CALL_BYTES = 64 * 1024;

/** A call as it waits for its turn. One that will be refused has left what it brought behind. */
export type ReadCall = { args: unknown[]; bytes: number } | { error: HubError; bytes: 0 };

/** Looks at a call when it arrives: the transport lets far more through than a call may hold while it waits. */
export function readCall(args: unknown[]): ReadCall {
  let text: string;
  try {
    text = JSON.stringify(args);
  } catch {
    // Nested so deep that the stack ends before it does.
    return { error: { code: 'payload_malformed', message: '内容嵌套过深', field: 'payload' }, bytes: 0 };
  }
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_CALL_BYTES) return { error: { code: 'payload_too_large', message: '内容超过 64 KiB' }, bytes: 0 };
  return { args, bytes };
}
