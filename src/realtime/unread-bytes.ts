import type { ConsoleSocket } from './console-socket.js';

/** Who leaves more than this unread is served no more until it has read. */
export const MOST_UNREAD_BYTES = 256 * 1024;

/** Socket.IO tells nothing of back-pressure: bytes that the transport still holds, and packets not yet given to it. */
export function unreadBytes(socket: ConsoleSocket): number {
  const { transport, writeBuffer } = socket.conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: { data?: string | Buffer }[];
  };
  const waiting = writeBuffer.reduce((sum, packet) => sum + (packet.data?.length ?? 0), 0);
  return waiting + (transport.socket?.bufferedAmount ?? 0);
}
