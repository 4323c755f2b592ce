import type { ConsoleSocket } from './console-socket.js';
import type { WaitingPacket } from './encoded-message.js';

/** More than this is never kept for a console that does not read it, unless one word alone is larger. [LD5] */
export const MOST_UNREAD_BYTES = 256 * 1024;

/** Socket.IO tells nothing of back-pressure: bytes that the transport still holds, and packets not yet given to it. */
export function unreadBytes(socket: ConsoleSocket): number {
  const { transport, writeBuffer } = socket.conn as unknown as {
    transport: { socket?: { bufferedAmount?: number } };
    writeBuffer: WaitingPacket[];
  };
  const waiting = writeBuffer.reduce((sum, packet) => sum + bytesOf(packet), 0);
  return waiting + (transport.socket?.bufferedAmount ?? 0);
}

function bytesOf({ data, options }: WaitingPacket): number {
  const frame = options?.wsPreEncodedFrame;
  if (frame) return frame.reduce((sum, { length }) => sum + length, 0);
  return data === undefined ? 0 : Buffer.byteLength(data);
}
