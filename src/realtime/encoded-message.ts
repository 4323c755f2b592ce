import type { HubToClient } from '@minqing-hub/client-sdk/protocol';
import type { ConsoleSocket } from './console-socket.js';

/** Engine.IO's "message", then Socket.IO's "event". */
const MESSAGE = '4';
const EVENT = '2';
const FINAL_TEXT = 0x81;

/** What a packet that waits in Engine.IO carries, as far as it is looked at here. */
export interface WaitingPacket {
  data?: string | Buffer;
  options?: { wsPreEncodedFrame?: readonly Buffer[] };
}

/** A word of the hub as it goes over the line: encoded once, and the same bytes for however many consoles. */
export class EncodedMessage {
  private readonly frame: readonly [Buffer, Buffer];

  /** `json`: what the word carries. */
  constructor(name: keyof HubToClient, json: string) {
    const payload = Buffer.from(`${MESSAGE}${EVENT}["${name}",${json}]`);
    this.frame = [frameHead(payload.length), payload];
  }

  get bytes(): number {
    return this.frame[0].length + this.frame[1].length;
  }

  /** Only `push.ts` says anything to a console. */
  writeTo({ conn }: ConsoleSocket): void {
    if (conn.transport.name === 'websocket') {
      // As Socket.IO's own broadcast does it; the text beside it is not looked at.
      conn.write('', { compress: false, wsPreEncodedFrame: this.frame } as { compress: boolean });
    } else {
      conn.write(this.frame[1].toString('utf8', MESSAGE.length));
    }
  }
}

/** The head of an unmasked WebSocket frame (RFC 6455, 5.2). */
function frameHead(length: number): Buffer {
  if (length < 126) return Buffer.from([FINAL_TEXT, length]);
  if (length < 65_536) {
    const head = Buffer.from([FINAL_TEXT, 126, 0, 0]);
    head.writeUInt16BE(length, 2);
    return head;
  }
  const head = Buffer.alloc(10);
  head[0] = FINAL_TEXT;
  head[1] = 127;
  head.writeBigUInt64BE(BigInt(length), 2);
  return head;
}
