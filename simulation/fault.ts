/** Ends the program with a sentence for the person who started it, and no stack. */
export class Fault extends Error {
  override readonly name = 'Fault';
}
