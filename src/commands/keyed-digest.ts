import { createHmac } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';

/** Digests of what may not be kept in the clear. Keyed: a phone number's plain hash could be guessed. */
@Injectable()
export class KeyedDigest {
  constructor(private readonly settings: Settings) {}

  /** 64 hex digits. `purpose` keeps digests of different things apart. */
  of(purpose: string, text: string): string {
    return createHmac('sha256', this.settings.secrets.digestKey).update(`${purpose}:${text}`).digest('hex');
  }
}
