import type { ConsoleSocket } from './console-socket.js';

/** Ends a connection whose other end does not read: a polite close would wait for it, and hold what it has not read. */
export function hangUp(socket: ConsoleSocket): void {
  const { transport } = socket.conn as unknown as { transport: { socket?: { terminate?: () => void } } };
  socket.disconnect(true);
  transport.socket?.terminate?.();
}
