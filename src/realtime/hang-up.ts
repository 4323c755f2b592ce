import type { ConsoleSocket } from './console-socket.js';

/** What of a WebSocket is needed here. */
interface Line {
  readonly readyState: number;
  terminate(): void;
  once(event: 'close', listener: () => void): void;
}
const CLOSED = 3;

const lineOf = ({ conn }: ConsoleSocket): Line | undefined =>
  (conn as unknown as { transport: { socket?: Line } }).transport.socket;

/** Ends a connection whose other end does not read: a polite close would wait for it, and hold what it has not read. */
export function hangUp(socket: ConsoleSocket): void {
  const line = lineOf(socket);
  socket.disconnect(true);
  line?.terminate();
}

/**
 * Resolves when the other end has said goodbye, too, so that it has read all that was sent. To hang up before would throw
 * away what lies unread at its side, as TCP does where something lies unread at ours.
 */
export function saidGoodbye(socket: ConsoleSocket): Promise<void> {
  const line = lineOf(socket);
  if (!line || line.readyState === CLOSED) return Promise.resolve();
  return new Promise((resolve) => line.once('close', resolve));
}
