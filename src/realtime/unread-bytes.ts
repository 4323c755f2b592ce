import type { ConsoleSocket } from './console-socket.js';

/** Socket.IO tells nothing of back-pressure: bytes that the transport still holds, and packets not yet given to it. */
export function unreadBytes(socket: ConsoleSocket): number {
  const { transport, writeBuffer } = socket.conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: { data?: string | Buffer }[];
  };
  const waiting = writeBuffer.reduce((sum, packet) => sum + (packet.data?.length ?? 0), 0);
  return waiting + (transport.socket?.bufferedAmount ?? 0);
}
