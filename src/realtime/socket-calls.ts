import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Allowance, type Rate } from '../commands/allowance.js';
import type { ConsoleSocket } from './console-socket.js';
import { readCall, type ReadCall } from './read-call.js';

export type Ack = (answer: unknown) => void;

/** Calls of one socket that wait for their turn, and what they bring. */
const MAX_WAITING_CALLS = 1_000;
const MAX_WAITING_BYTES = 4 * 1024 * 1024;
/** Far above what a console or a program does that waits for its answers; who sends more is read more slowly. */
const CALL_RATE: Rate = { perSecond: 500, burst: 2_000 };
/** Well within the time in which a sign of life is awaited: it is read late, but it is read. */
const LONGEST_PAUSE_MS = 5_000;

const tooMany: HubError = { code: 'too_many_requests', message: '请求过于频繁，请稍后再试' };

/** What a socket's owner does with its calls. */
export interface CallOwner {
  answer: (name: string, call: ReadCall, ack: Ack) => Promise<void>;
  /** So many wait already that this one is not taken. */
  refuse: (error: HubError, ack: Ack) => void;
}

/**
 * One socket's calls, carried out in order. Whoever sends them by the thousand waits for itself: its line is not read
 * for a while, which its own end feels and nobody else. [LD6]
 */
export class SocketCalls {
  private readonly allowance = new Allowance();
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;
  private waitingBytes = 0;
  private pause: NodeJS.Timeout | undefined;

  constructor(
    private readonly socket: ConsoleSocket,
    private readonly owner: CallOwner,
  ) {
    socket.onAny((name: string, ...args: unknown[]) => this.take(name, args));
    socket.on('disconnect', () => clearTimeout(this.pause));
  }

  private take(name: string, args: unknown[]): void {
    const ack = typeof args.at(-1) === 'function' ? (args.pop() as Ack) : () => undefined;
    this.slowDown(this.allowance.overdraw(performance.now(), CALL_RATE));
    if (this.waiting >= MAX_WAITING_CALLS || this.waitingBytes >= MAX_WAITING_BYTES) {
      return this.owner.refuse(tooMany, ack);
    }
    const call = readCall(args);
    this.waiting += 1;
    this.waitingBytes += call.bytes;
    this.last = this.last
      .then(() => this.owner.answer(name, call, ack))
      .finally(() => {
        this.waiting -= 1;
        this.waitingBytes -= call.bytes;
      });
  }

  private slowDown(ms: number): void {
    if (ms === 0) return;
    const line = lineOf(this.socket);
    line?.pause();
    clearTimeout(this.pause);
    this.pause = setTimeout(() => line?.resume(), Math.min(ms, LONGEST_PAUSE_MS));
  }
}

interface Line {
  pause: () => void;
  resume: () => void;
}

/** Polling has none: each of its requests waits for an answer anyway. */
function lineOf({ conn }: ConsoleSocket): Line | undefined {
  return (conn.transport as unknown as { socket?: Line }).socket;
}
