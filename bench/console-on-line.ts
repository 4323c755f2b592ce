/** A console of one room whose line can be held, cut and led to another hub. */
export interface ConsoleOnLine {
  /** Of the last event that its cards hold. */
  readonly offset: number;
  /** How its room stands, in words that are the same for the same content. */
  readonly stands: string;
  /** From now on it hears nothing. */
  hold(): void;
  /** Its line is cut, and it comes back to this hub. */
  leadTo(hub: string): void;
  /** `told` once it has come back and has everything up to `offset`. */
  whenAt(offset: number, told: () => void): void;
  close(): void;
}
