import { webcrypto } from 'node:crypto';
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

/** Somebody with a token calls again and again with the same one. */
const REMEMBERED = 5_000;
const ISSUER = 'minqing-hub';
const SECOND = 1000;

/** Short-lived tokens. They name the user; rights are read from the database at each use. [ID3] */
@Injectable()
export class Tokens {
  /** Made once: given as bytes, jose would import it for each token anew. */
  private readonly key: Promise<webcrypto.CryptoKey>;
  private readonly lifeSeconds: number;
  /** What tokens say whose signature was found right; that is so for ever, and only their time runs out. */
  private readonly right = new Map<string, TokenClaims>();

  constructor(settings: Settings) {
    const secret = Buffer.from(settings.secrets.tokenSecret, 'utf8');
    this.key = webcrypto.subtle.importKey('raw', secret, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
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
      .sign(await this.key);
    return { token, expiresAt: expires * SECOND };
  }

  /** `undefined`: forged, broken or expired at `now`. */
  async verify(token: string, now: number): Promise<TokenClaims | undefined> {
    const claims = this.right.get(token) ?? (await this.claimsOf(token, now));
    return claims && claims.expiresAt > now ? claims : undefined;
  }

  private async claimsOf(token: string, now: number): Promise<TokenClaims | undefined> {
    try {
      const { payload } = await jwtVerify(token, await this.key, {
        algorithms: ['HS256'],
        issuer: ISSUER,
        currentDate: new Date(now),
        requiredClaims: ['sub', 'exp'],
      });
      const { sub, exp, pv } = payload;
      if (!sub || !exp || typeof pv !== 'number') return undefined;
      return this.remember(token, { userId: sub, expiresAt: exp * SECOND, passwordVersion: pv });
    } catch (error) {
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  /** The oldest is forgotten first. */
  private remember(token: string, claims: TokenClaims): TokenClaims {
    if (this.right.size >= REMEMBERED) this.right.delete(this.right.keys().next().value!);
    this.right.set(token, claims);
    return claims;
  }
}
