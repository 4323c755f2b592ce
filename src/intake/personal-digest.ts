import { Injectable } from '@nestjs/common';
import { canonicalJson } from '../commands/canonical-json.js';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { type DigestText, idText, phoneText } from '../domain/intake/digest-texts.js';

/** Digests that find a person, or a content, again without holding it. */
@Injectable()
export class PersonalDigest {
  constructor(private readonly digest: KeyedDigest) {}

  /** `null` of nothing. */
  phone(written: string | null): string | null {
    return written === null ? null : this.of(phoneText(written));
  }

  idNumber(written: string | null): string | null {
    return written === null ? null : this.of(idText(written));
  }

  /** Of what a source sent, whatever the order of its fields; fields that are `null` count as absent. */
  content(call: object): string {
    return this.digest.of('content', canonicalJson(withoutNulls(call)));
  }

  private of({ purpose, text }: DigestText): string {
    return this.digest.of(purpose, text);
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
