import type { Session } from '../protocol/index.js';
import { BackOff } from './back-off.js';
import { HubProblem, SIGNED_OUT } from './hub-problem.js';
import type { HubTime } from './hub-time.js';
import { Listeners } from './listeners.js';

/** Where a session outlives a reload of the page: `sessionStorage` fits. */
export interface SessionStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

const STORED_AS = 'minqing-hub.session';
/** A token is renewed after this share of the life that was left when it came. */
const RENEW_AT = 0.7;
const LONGEST_TIMER_MS = 3_600_000;

/** Holds the session and has it renewed before it ends. */
export class SessionKeeper {
  session: Session | null = null;
  /** Told on login, logout and when the hub does not renew any more; not on renewal. */
  readonly changes = new Listeners<[Session | null]>();
  /** Told when the same session has a new token. */
  readonly renewals = new Listeners<[Session]>();
  private renewAt = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private running: Promise<boolean> | null = null;
  private closed = false;
  private readonly backOff: BackOff;

  constructor(
    private readonly time: HubTime,
    /** Asks the hub for the session's next token. Throws `HubProblem`. */
    private readonly refresh: (session: Session) => Promise<Session>,
    random: () => number,
    private readonly storage?: SessionStorage,
  ) {
    this.backOff = new BackOff(random, 1000, 30_000);
  }

  stored(): Session | null {
    const text = this.storage?.getItem(STORED_AS);
    if (!text) return null;
    try {
      return JSON.parse(text) as Session;
    } catch {
      return null;
    }
  }

  begin(session: Session): void {
    this.take(session);
    this.changes.tell(session);
  }

  end(): void {
    if (this.session === null) return;
    this.session = null;
    this.stop();
    this.storage?.removeItem(STORED_AS);
    this.changes.tell(null);
  }

  /** For good: an answer that is still on its way starts nothing any more. */
  close(): void {
    this.closed = true;
    this.stop();
  }

  private stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }

  /** False when there is no new token: the hub refused (then the session is over) or did not answer. */
  renew(): Promise<boolean> {
    this.running ??= this.renewOnce().finally(() => (this.running = null));
    return this.running;
  }

  /** A new token by another way than renewal; who wants one meanwhile waits for it. Throws what `ask` throws. */
  async replace(ask: (session: Session) => Promise<Session>): Promise<void> {
    await this.running;
    const { session } = this;
    if (session === null) throw new HubProblem(SIGNED_OUT);
    const asked = ask(session).then((next) => {
      if (this.session !== session) return;
      this.take({ ...session, ...next });
      this.renewals.tell(this.session);
    });
    this.running = asked.then(
      () => true,
      () => false,
    );
    void this.running.finally(() => (this.running = null));
    return asked;
  }

  private async renewOnce(): Promise<boolean> {
    const { session } = this;
    if (session === null) return false;
    try {
      const next = await this.refresh(session);
      if (this.session !== session) return this.session !== null;
      this.take({ ...session, ...next });
      this.backOff.reset();
      this.renewals.tell(this.session);
      return true;
    } catch (problem) {
      if (this.session !== session) return this.session !== null;
      if (problem instanceof HubProblem && problem.status === 401) this.end();
      else this.arm(this.backOff.next());
      return false;
    }
  }

  private take(session: Session): void {
    this.session = session;
    this.storage?.setItem(STORED_AS, JSON.stringify(session));
    // A session from before, and only the local clock to judge it by: better renewed at once.
    const left = this.time.learnt ? Math.max(0, session.expiresAt - this.time.now()) : 0;
    this.renewAt = this.time.ticks() + left * RENEW_AT;
    this.arm(left * RENEW_AT);
  }

  /** In steps: timers cannot wait long, and stand still while a laptop sleeps. */
  private arm(ms: number): void {
    this.stop();
    if (this.closed) return;
    this.timer = setTimeout(
      () => {
        if (this.time.ticks() >= this.renewAt) void this.renew();
        else this.arm(this.renewAt - this.time.ticks());
      },
      Math.min(Math.max(ms, 1000), LONGEST_TIMER_MS),
    );
  }
}
