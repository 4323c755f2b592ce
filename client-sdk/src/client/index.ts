/** The hub's client: `HubClient` for consoles and programs, in browsers and Node. See the README. */
export { BackOff } from './back-off.js';
export type { CommandOptions, Connection, Hub } from './hub.js';
export { HubClient, type HubClientOptions } from './hub-client.js';
export type { HttpOptions, HubHttp } from './hub-http.js';
export { HubProblem } from './hub-problem.js';
export { HubTime } from './hub-time.js';
export type { Stop } from './listeners.js';
export { newCommandId } from './new-command-id.js';
export type { EventPlace, RoomChange, RoomHandle, RoomState } from './room-handle.js';
export { RoomStore, type FrameOutcome } from './room-store.js';
export type { SessionStorage } from './session-keeper.js';
