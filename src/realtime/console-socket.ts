import type { ClientToHub, HubToClient } from '@minqing-hub/client-sdk/protocol';
import type { Server, Socket } from 'socket.io';
import type { Actor } from '../identity/actor.js';

export interface ConsoleData {
  actor: Actor;
  /** By the machine's time, ms UTC; the socket ends then unless it renews. */
  expiresAt: number;
  /** How often the log had told here of other rights of theirs when they were looked up. */
  changes: number;
}

export type ConsoleServer = Server<ClientToHub, HubToClient, Record<string, never>, ConsoleData>;
export type ConsoleSocket = Socket<ClientToHub, HubToClient, Record<string, never>, ConsoleData>;
