import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../commands/canonical-json.js';
import { Settings } from '../config/settings.js';
import { plainPhoneNumber } from '../domain/intake/phone-number.js';

/** Digests that find a person again without holding what identifies them. Keyed: a phone's plain hash could be guessed. */
@Injectable()
export class PersonalDigest {
  constructor(private readonly settings: Settings) {}

  /** The same for one number, however it is written. */
  phone(written: string): string {
    return this.of('phone', plainPhoneNumber(written));
  }

  idNumber(written: string): string {
    return this.of('id', written.toUpperCase());
  }

  /** Of what a source sent, whatever the order of its fields; fields that are `null` count as absent. */
  content(call: object): string {
    return this.of('content', canonicalJson(withoutNulls(call)));
  }

  private of(purpose: string, text: string): string {
    return createHmac('sha256', this.settings.secrets.digestKey).update(`${purpose}:${text}`).digest('hex');
  }
}

function withoutNulls(value: unknown): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, part]) => part !== null && part !== undefined)
      .map(([name, part]) => [name, withoutNulls(part)]),
  );
}
