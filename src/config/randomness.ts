import { randomInt } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/** Chance that cannot be guessed. */
export abstract class Randomness {
  /** A whole number from 0 up to, not including, `limit`; each as likely as the others. */
  abstract below(limit: number): number;
}

@Injectable()
export class CryptoRandomness extends Randomness {
  below(limit: number): number {
    return randomInt(limit);
  }
}
