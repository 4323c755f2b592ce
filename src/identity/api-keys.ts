import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

const FORM = /^mqk_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** A key with 256 random bits: its plain hash tells nothing, so it needs no slow one. `apiKey` is shown once. [ID6] */
export function newApiKey(): { keyId: string; apiKey: string; hash: string } {
  const keyId = randomBytes(6).toString('hex');
  const apiKey = `mqk_${keyId}_${randomBytes(32).toString('base64url')}`;
  return { keyId, apiKey, hash: hashOfKey(apiKey) };
}

/** `undefined`: not of the form of a key. */
export const keyIdOf = (apiKey: string): string | undefined => FORM.exec(apiKey)?.[1];

export const keyMatches = (apiKey: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOfKey(apiKey)), Buffer.from(hash));

const hashOfKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
