import { Injectable } from '@nestjs/common';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

type Name =
  /** `1`: the database was filled as a demo at its first boot; `0`: it never is. */
  | 'demo'
  /** The hash that all demo accounts share. */
  | 'demo.passwordHash';

/** What a database says of itself. */
@Injectable()
export class HubSettings {
  async get(tx: ReadTx, name: Name): Promise<string | undefined> {
    return (await tx.one<{ value: string }>('SELECT value FROM hub_setting WHERE name = ?', [name]))?.value;
  }

  async set(tx: Tx, name: Name, value: string): Promise<void> {
    await tx.upsert('hub_setting', { name, value }, ['name']);
  }
}
