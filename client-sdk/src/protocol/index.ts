/** The words that the hub and its clients share: types only. `docs/asyncapi.yaml` is this folder's document. */
export type * from './calendar.js';
export type * from './card-kinds.js';
export type * from './cards.js';
export type * from './commands.js';
export type * from './errors.js';
export type * from './events.js';
export type * from './floor.js';
export type * from './http.js';
export type * from './knowledge.js';
export type * from './rooms.js';
export type * from './socket.js';
export type * from './shifts.js';
export type * from './telephony.js';
export type * from './whistles.js';
