import { Injectable } from '@nestjs/common';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';

type Name =
  /** `1`: the database was filled as a demo at its first boot; `0`: it never is. */
  | 'demo'
  /** The hash that all demo accounts share. */
  | 'demo.passwordHash'
  /** How far ahead of the machine's time the database has lived (`deadlines/virtual-time.ts`). */
  | 'time.ahead'
  /** The newest version of the policy (`policy/policy-desk.ts`). */
  | 'policy.version'
  /** The version of the policy that the queues' order goes by (`queues/commands/reorder-queues.ts`). */
  | 'queues.orderVersion'
  /** Orders of before there were clocks have theirs, or are getting them (`orders/missing-clocks-at-start.ts`). */
  | 'clocks.begun';

/** What a database says of itself. */
@Injectable()
export class HubSettings {
  async get(tx: ReadTx, name: Name): Promise<string | undefined> {
    return (await tx.one<{ value: string }>('SELECT value FROM hub_setting WHERE name = ?', [name]))?.value;
  }

  /** As `get`; until commit nobody else changes it. */
  async lock(tx: Tx, name: Name): Promise<string | undefined> {
    const row = await tx.one<{ value: string }>(`SELECT value FROM hub_setting WHERE name = ?${tx.forUpdate}`, [name]);
    return row?.value;
  }

  /** Answers false, and writes nothing, when it had a value. */
  claim(tx: Tx, name: Name, value: string): Promise<boolean> {
    return tx.insertIfAbsent('hub_setting', { name, value });
  }

  async set(tx: Tx, name: Name, value: string): Promise<void> {
    await tx.upsert('hub_setting', { name, value }, ['name']);
  }
}
