/**
 * `committed`: there is something to place. `placed`: there is something to read. `due`: what is under way elsewhere? `told`:
 * the answer to that can be read.
 */
export const WORDS = ['committed', 'placed', 'due', 'told'] as const;
export type Word = (typeof WORDS)[number];

/**
 * What the nodes of a hub call out to each other, so that none has to wait for its next look. Every word may be lost, and
 * none is ever waited for: the looks make sure, these make prompt.
 */
export abstract class WakeUp {
  private readonly listeners: ((word: Word, from: string) => void)[] = [];

  /** To all other nodes; `from`: this node's id. */
  abstract call(word: Word, from: string): void;

  /** Called with the others' words and, on some adapters, this node's own. */
  onWord(listener: (word: Word, from: string) => void): void {
    this.listeners.push(listener);
  }

  /** What is not as it should be, for those who watch; the hub goes on without it. */
  get failing(): string | undefined {
    return undefined;
  }

  close(): void {
    this.listeners.length = 0;
  }

  protected heard(word: Word, from: string): void {
    for (const listener of this.listeners) listener(word, from);
  }
}

/** Between nodes of one process, or one that is alone. */
export class InProcessWakeUp extends WakeUp {
  call(word: Word, from: string): void {
    this.heard(word, from);
  }
}
