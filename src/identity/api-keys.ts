import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

const FORM = /^mqk_([0-9a-f]{16})_[A-Za-z0-9_-]{43}$/;

/**
 * The key that a command makes: derived under the hub's secret from who asked and their command id, so that the same
 * command answers the same key again although the database never holds it. 256 bits: its plain hash tells nothing. [ID6]
 */
export function apiKeyFor(
  tokenSecret: string,
  actorId: string,
  commandId: string,
): { keyId: string; apiKey: string; hash: string } {
  const part = (name: string) =>
    createHmac('sha256', tokenSecret).update(['api-key', name, actorId, commandId].join('\0'));
  const keyId = part('id').digest('hex').slice(0, 16);
  const apiKey = `mqk_${keyId}_${part('secret').digest('base64url')}`;
  return { keyId, apiKey, hash: hashOfKey(apiKey) };
}

/** `undefined`: not of the form of a key. */
export const keyIdOf = (apiKey: string): string | undefined => FORM.exec(apiKey)?.[1];

export const keyMatches = (apiKey: string, hash: string): boolean =>
  timingSafeEqual(Buffer.from(hashOfKey(apiKey)), Buffer.from(hash));

const hashOfKey = (apiKey: string): string => createHash('sha256').update(apiKey).digest('hex');
