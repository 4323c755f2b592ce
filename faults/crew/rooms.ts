import type { RoomName } from '@minqing-hub/client-sdk/protocol';
import { clerkOf } from '../../simulation/people.js';

/** The floor first: who is not at a seat any more when that is looked at has nothing in hand when the queues are. */
export const OFFICE: RoomName[] = ['floor', 'desk:city', 'queue:register', 'queue:dispatch', 'queue:arbitration'];
export const OVERSIGHT: RoomName[] = ['unit:district', 'supervision:city'];
export const UNITS = ['housing', 'environment', 'dongcheng'];

/** Who watches what when all is quiet: each of these rooms is held against a fresh console of this user. */
export const LOOKED_AT: readonly [user: string, rooms: readonly RoomName[]][] = [
  ['leader01', [...OFFICE, 'head:register', 'head:dispatch']],
  ['supervisor01', OVERSIGHT],
  ...UNITS.map((unit): [string, RoomName[]] => [clerkOf(unit), [`unit:${unit}`]]),
];
