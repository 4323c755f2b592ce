import type { CommandAnswer, CommandName, CommandPayload, RoomName, Session } from '../protocol/index.js';
import type { HubHttp } from './hub-http.js';
import type { Stop } from './listeners.js';
import type { RoomHandle } from './room-handle.js';

/**
 * `live`: connected, and every open room holds what the hub holds. `catching_up`: not yet all of them, or on the way to
 * another hub, or to the same one after a restart, as this one has asked for.
 */
export type Connection = 'live' | 'catching_up' | 'offline';

export interface CommandOptions {
  /** A UUID. The same id again gets the same answer and has no second effect. */
  commandId?: string;
}

/** What a console needs of a hub. `HubClient` talks to a real one, `FakeHub` (`…/testing`) is one in memory. */
export interface Hub {
  readonly session: Session | null;
  /** Told on login, on logout and when the hub ends the session; not when a token is renewed. */
  onSession(listener: (session: Session | null) => void): Stop;
  /** Throws `HubProblem` (`credentials_wrong`, `too_many_attempts`, `unavailable` …). */
  login(username: string, password: string): Promise<Session>;
  /** Goes on with a session from elsewhere. */
  useSession(session: Session): void;
  /**
   * Of who is logged in. All their other sessions end, this one goes on with a new token. Throws `HubProblem`
   * (`credentials_wrong`, `password_too_weak`, `too_many_attempts` …).
   */
  changePassword(oldPassword: string, newPassword: string): Promise<void>;
  logout(): void;

  readonly connection: Connection;
  onConnection(listener: (connection: Connection) => void): Stop;

  room(name: RoomName): RoomHandle;
  /** Never rejects. It resolves when the hub has answered, however many cuts that takes (at most 7 days). */
  command<N extends CommandName>(
    name: N,
    payload: CommandPayload<N>,
    options?: CommandOptions,
  ): Promise<CommandAnswer<N>>;
  readonly http: HubHttp;
  /** Milliseconds since 1970 (UTC) at the hub, whatever the local clock says. */
  hubNow(): number;
  /** Ends the connection and all that waits. */
  close(): void;
}
