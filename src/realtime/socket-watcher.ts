import type { Actor } from '../identity/actor.js';

/** Told when somebody's first socket comes and last one goes. The composition root says who listens. */
export abstract class SocketWatcher {
  abstract connected(actor: Actor): void;
  abstract gone(actor: Actor): void;
}
