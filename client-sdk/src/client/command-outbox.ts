import type { CommandAnswer, CommandCall, ErrorCode, HubError } from '../protocol/index.js';
import type { After } from './after.js';
import { BackOff } from './back-off.js';
import type { HubTime } from './hub-time.js';
import type { Stop } from './listeners.js';

/** What the outbox asks of the connection. */
export interface CommandLink {
  readonly up: boolean;
  readonly random: () => number;
  readonly after: After;
  /** `null`: no answer came, and nobody knows whether the command was carried out. */
  command(call: CommandCall, answer: (answer: CommandAnswer | null) => void): void;
}

interface Waiting {
  call: CommandCall;
  settle: (answer: CommandAnswer) => void;
  issuedTicks: number;
  /** `null`: the hub's time was not known. */
  issuedAt: number | null;
  asked: boolean;
  stopWaiting: Stop | null;
  backOff: BackOff;
}

/** The hub keeps answers for 7 days; later the same id could take effect a second time. */
const KEPT_MS = 7 * 24 * 3_600_000;
/** Answers that the hub does not keep and that decide nothing: the command is still to be carried out. */
const PASSING: readonly ErrorCode[] = ['unavailable', 'too_many_requests'];
const TOO_OLD: HubError = { code: 'unavailable', message: '命令超过7天未得到应答，不再重发；请先核对是否已生效' };

/** The hub takes no larger call: far above it cuts the connection, and the command would go out again for ever. */
const MOST_BYTES = 64 * 1024;
const TOO_LARGE: HubError = { code: 'payload_too_large', message: '内容超过 64 KiB，未发送' };

/** Sends each command with its own id until it is answered: after a cut, a silence or an outage the same id again. */
export class CommandOutbox {
  private readonly waiting = new Set<Waiting>();

  constructor(
    private readonly link: CommandLink,
    private readonly time: HubTime,
    /** The hub does not know the session. True when there is a new token. */
    private readonly renewed: () => Promise<boolean>,
  ) {}

  send(call: CommandCall): Promise<CommandAnswer> {
    return new Promise((settle) => {
      if (bytesOf(call) > MOST_BYTES) return settle({ ok: false, error: TOO_LARGE });
      const command: Waiting = {
        call,
        settle,
        issuedTicks: this.time.ticks(),
        issuedAt: this.time.learnt ? this.time.now() : null,
        asked: false,
        stopWaiting: null,
        backOff: new BackOff(this.link.random, 1_000, 15_000),
      };
      this.waiting.add(command);
      this.ask(command);
    });
  }

  /** Connected: whatever has no answer goes out again, in the order in which it was issued. */
  flush(): void {
    for (const command of [...this.waiting]) this.ask(command);
  }

  /** Nobody will answer any more. */
  abandon(error: HubError): void {
    for (const command of [...this.waiting]) this.settle(command, { ok: false, error });
  }

  private ask(command: Waiting): void {
    if (command.asked || !this.link.up) return;
    command.stopWaiting?.();
    command.stopWaiting = null;
    if (this.age(command) > KEPT_MS) return this.settle(command, { ok: false, error: TOO_OLD });
    command.asked = true;
    this.link.command(command.call, (answer) => {
      command.asked = false;
      if (!this.waiting.has(command)) return;
      if (answer === null) return this.askLater(command);
      if (!answer.ok && PASSING.includes(answer.error.code)) return this.askLater(command, answer.error.retryAfterMs);
      if (!answer.ok && answer.error.code === 'unauthenticated') return void this.askRenewed(command, answer);
      this.settle(command, answer);
    });
  }

  private askLater(command: Waiting, askedForMs?: number): void {
    command.stopWaiting = this.link.after(command.backOff.next(askedForMs), () => this.ask(command));
  }

  private async askRenewed(command: Waiting, answer: CommandAnswer): Promise<void> {
    const again = await this.renewed();
    if (!this.waiting.has(command)) return;
    if (again) this.askLater(command);
    else this.settle(command, answer);
  }

  private age({ issuedTicks, issuedAt }: Waiting): number {
    const ticked = this.time.ticks() - issuedTicks;
    // A monotonic clock stands still while a laptop sleeps; the hub's does not.
    return issuedAt === null ? ticked : Math.max(ticked, this.time.now() - issuedAt);
  }

  private settle(command: Waiting, answer: CommandAnswer): void {
    command.stopWaiting?.();
    this.waiting.delete(command);
    command.settle(answer);
  }
}

/** As the hub measures it: what the call's arguments are as JSON, in UTF-8. */
const bytesOf = (call: CommandCall): number => new TextEncoder().encode(JSON.stringify([call])).length;
