import { Injectable } from '@nestjs/common';
import { errors, jwtVerify, SignJWT } from 'jose';
import { Settings } from '../config/settings.js';

/** What a token says: who, until when, and under which of their passwords it was given. No rights. */
export interface TokenClaims {
  userId: string;
  /** ms, UTC. */
  expiresAt: number;
  passwordVersion: number;
}

const ISSUER = 'minqing-hub';
const SECOND = 1000;

/** Short-lived tokens. They name the user; rights are read from the database at each use. [ID3] */
@Injectable()
export class Tokens {
  private readonly key: Uint8Array;
  private readonly lifeSeconds: number;

  constructor(settings: Settings) {
    this.key = new TextEncoder().encode(settings.secrets.tokenSecret);
    this.lifeSeconds = settings.tokenMinutes * 60;
  }

  async issue(userId: string, now: number, passwordVersion = 1): Promise<{ token: string; expiresAt: number }> {
    const issuedAt = Math.floor(now / SECOND);
    const expires = issuedAt + this.lifeSeconds;
    const token = await new SignJWT({ pv: passwordVersion })
      .setProtectedHeader({ alg: 'HS256' })
      .setIssuer(ISSUER)
      .setSubject(userId)
      .setIssuedAt(issuedAt)
      .setExpirationTime(expires)
      .sign(this.key);
    return { token, expiresAt: expires * SECOND };
  }

  /** `undefined`: forged, broken or expired at `now`. */
  async verify(token: string, now: number): Promise<TokenClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        currentDate: new Date(now),
        requiredClaims: ['sub', 'exp'],
      });
      const { sub, exp, pv } = payload;
      if (!sub || !exp || typeof pv !== 'number') return undefined;
      return { userId: sub, expiresAt: exp * SECOND, passwordVersion: pv };
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }
}
