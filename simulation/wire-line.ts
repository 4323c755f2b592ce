import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const HEAD_END = Buffer.from('\r\n\r\n');
const [TEXT, CLOSE] = [0x1, 0x8];
const FINAL = 0x80;
const MASKED = 0x80;
/** Nothing is hidden by it; a client has to mask, and zeroes leave the text as it is. */
const NO_MASK = Buffer.alloc(4);

export interface LineOwner {
  /** The other end speaks WebSocket. */
  opened(): void;
  text(payload: Buffer): void;
  /** Once, whoever ended it. */
  closed(): void;
}

/**
 * A console's line: a WebSocket in its plainest form (RFC 6455), for texts alone. Hundreds of them in one process cost
 * next to nothing, and each can be cut, fall silent, or not be read.
 */
export class WireLine {
  private readonly socket: Socket;
  private rest: Buffer = Buffer.alloc(0);
  private open = false;
  private silent = false;

  constructor(
    port: number,
    private readonly owner: LineOwner,
  ) {
    this.socket = connect(port, '127.0.0.1');
    this.socket.setNoDelay(true);
    this.socket.on('connect', () => this.socket.write(greeting(port)));
    this.socket.on('data', (chunk) => this.take(chunk));
    this.socket.on('error', () => undefined);
    this.socket.on('close', () => owner.closed());
  }

  send(text: string): void {
    if (this.silent || this.socket.destroyed) return;
    const payload = Buffer.from(text);
    this.socket.write(Buffer.concat([headOf(FINAL | TEXT, payload.length), NO_MASK, payload]));
  }

  cut(): void {
    this.socket.destroy();
  }

  /** Nothing is read any more; what is sent gets through. */
  pause(): void {
    this.socket.pause();
  }

  /** Nothing is read for so long; what is sent gets through. */
  stopReading(ms: number): void {
    this.pause();
    setTimeout(() => this.socket.resume(), ms);
  }

  /** Nothing passes any more, and neither end learns of it for so long. */
  halfOpen(ms: number): void {
    this.silent = true;
    this.socket.pause();
    setTimeout(() => this.socket.destroy(), ms);
  }

  private take(chunk: Buffer): void {
    if (this.silent) return;
    let bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    if (!this.open) {
      const end = bytes.indexOf(HEAD_END);
      if (end < 0) return void (this.rest = bytes);
      if (!bytes.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) return this.cut();
      bytes = bytes.subarray(end + HEAD_END.length);
      this.open = true;
      this.owner.opened();
    }
    for (let frame = readFrame(bytes); frame; frame = readFrame(bytes)) {
      bytes = bytes.subarray(frame.to);
      if (frame.opcode === TEXT) this.owner.text(frame.payload);
      else if (frame.opcode === CLOSE) return this.cut();
    }
    this.rest = bytes;
  }
}

const greeting = (port: number): string =>
  [
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');

function headOf(first: number, length: number): Buffer {
  if (length < 126) return Buffer.from([first, MASKED | length]);
  const head = Buffer.from([first, MASKED | 126, 0, 0]);
  // What a reader says is short.
  head.writeUInt16BE(length, 2);
  return head;
}

/** The first frame in it when it is there as a whole. */
function readFrame(bytes: Buffer): { opcode: number; payload: Buffer; to: number } | undefined {
  if (bytes.length < 2) return undefined;
  const opcode = bytes[0]! & 0x0f;
  let [from, length] = [2, bytes[1]! & 0x7f];
  if (length === 126) {
    if (bytes.length < 4) return undefined;
    [from, length] = [4, bytes.readUInt16BE(2)];
  } else if (length === 127) {
    if (bytes.length < 10) return undefined;
    [from, length] = [10, Number(bytes.readBigUInt64BE(2))];
  }
  const to = from + length;
  return bytes.length < to ? undefined : { opcode, payload: bytes.subarray(from, to), to };
}
