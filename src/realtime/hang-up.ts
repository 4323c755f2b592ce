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
 * Lets go behind all that was sent; resolves when the other end has said goodbye, too, so that it has read it. Who closes
 * the server instead throws away what still waits to be written, and who hangs up at once what lies unread at the other
 * end, as TCP does where something lies unread at ours.
 */
export function sayGoodbye(socket: ConsoleSocket): Promise<void> {
  const line = lineOf(socket);
  socket.conn.close();
  if (!line || line.readyState === CLOSED) return Promise.resolve();
  return new Promise((resolve) => line.once('close', resolve));
}
