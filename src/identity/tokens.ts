import { Injectable } from '@nestjs/common';

/** Short-lived tokens. They name the user; rights are read from the database at each use. */
@Injectable()
export class Tokens {
  async issue(_userId: string, _now: number): Promise<{ token: string; expiresAt: number }> {
    throw new Error('not built');
  }

  /** `undefined`: forged, broken or expired at `now`. */
  async verify(_token: string, _now: number): Promise<{ userId: string; expiresAt: number } | undefined> {
    throw new Error('not built');
  }
}
