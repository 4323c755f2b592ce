import type { ReadTx } from '../storage/unit-of-work.js';

/** What a node says of the acts that came to it. */
export interface ToldActs {
  /** By its clock: whatever came before is done, or stands below. */
  upTo: number;
  /** Of each order that something is under way about: when the first of it came. */
  first: Readonly<Record<string, number>>;
}

/** What people do at the other nodes of the hub: a clock that is over there as here waits for it, too. [CK14] */
export abstract class ActsElsewhere {
  /** All that people do is done in the order in which it came. */
  abstract readonly inOrder: boolean;
  /** Before anything comes in here. `here`: asked for again and again; `onTold`: called when another node said something. */
  abstract begin(here: () => ToldActs, onTold: () => void): Promise<void>;
  /** What each of the others said last; one that has been silent for long is left out. */
  abstract told(tx: ReadTx): Promise<ToldActs[]>;
  /** Has the others say it anew, as of now. */
  abstract ask(): void;
  abstract close(): Promise<void>;
}

/** There is no other node, and here everything stands in one line. */
export class NoActsElsewhere extends ActsElsewhere {
  readonly inOrder = true;
  begin = () => Promise.resolve();
  told = () => Promise.resolve([]);
  ask = () => undefined;
  close = () => Promise.resolve();
}
