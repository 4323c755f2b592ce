import type { ClientToHub, HubToClient } from '@minqing-hub/client-sdk/protocol';
import type { Server, Socket } from 'socket.io';
import type { Actor } from '../identity/actor.js';

export interface ConsoleData {
  actor: Actor;
  /** By the machine's time, ms UTC; the socket ends then unless it renews. */
  expiresAt: number;
}

export type ConsoleServer = Server<ClientToHub, HubToClient, Record<string, never>, ConsoleData>;
export type ConsoleSocket = Socket<ClientToHub, HubToClient, Record<string, never>, ConsoleData>;
