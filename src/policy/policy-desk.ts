import { Injectable } from '@nestjs/common';
import type { PolicyCard } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { isPolicyKey, Policy } from '../config/policy.js';
import type { PolicyKey } from '../config/policy-keys.js';
import { EventLog, type NewEvent } from '../event-log/event-log.js';
import { SYSTEM } from '../identity/actor.js';
import { type HeldRow, type NewlyHeld, PolicyStore, type StoredChange } from './policy-store.js';

/** What of a command it takes to change the policy; the start has as much. */
export type PolicyContext = Pick<CommandContext, 'tx' | 'now' | 'origin'>;

export const ROOM = 'policy';
const FITS_NO_MORE = '本版本不再允许这个值';

/** Puts values in force and tells of it, in the transaction of whoever asks. */
@Injectable()
export class PolicyDesk {
  constructor(
    private readonly store: PolicyStore,
    private readonly eventLog: EventLog,
    private readonly policy: Policy,
  ) {}

  /**
   * Everything whose time has come, in the order of those times, whichever clock rings first: each once. [PC3]
   * `key`: of one policy alone.
   */
  async putDueInForce(context: PolicyContext, key?: string): Promise<void> {
    await this.store.lockVersion(context.tx);
    const planned = await this.store.planned(context.tx, key);
    for (const change of planned.filter(({ effectiveAt }) => effectiveAt <= context.now)) {
      if (fits(this.policy, change)) await this.putInForce(context, change);
      else await this.withdraw(context, change, { userId: SYSTEM.userId, reason: FITS_NO_MORE });
    }
  }

  /** A change whose time has come; answers the version. [PC4] */
  async putInForce(context: PolicyContext, change: StoredChange): Promise<number> {
    const version = (await this.store.lockVersion(context.tx)) + 1;
    const { key, value, unit, effectiveAt: since, changeId, recalculate } = change;
    const before = await this.store.heldOf(context.tx, key);
    await this.hold(context, [{ key, value, unit, version, since, changeId, before }], recalculate);
    return version;
  }

  /** Values of one version, which came into force by a change or with the file. */
  async hold({ tx, now, origin }: PolicyContext, rows: readonly NewlyHeld[], recalculate: boolean): Promise<void> {
    await this.store.putInForce(tx, rows, now);
    const planned = await this.store.planned(tx, rows.length === 1 ? rows[0]!.key : undefined);
    const events = rows.map((row): NewEvent => {
      const { key, value, unit, before, version, since } = row;
      const data = {
        value,
        unit,
        before: before?.value ?? null,
        beforeUnit: before?.unit ?? null,
        version,
        effectiveAt: since,
        recalculate,
        source: row.changeId === null ? 'file' : 'command',
      };
      const toCome = planned.filter((change) => change.key === key);
      const card = isPolicyKey(key) ? cardOf(this.policy, key, row, toCome) : null;
      return eventOf(key, 'policy.changed', since, version, data, card);
    });
    await this.eventLog.append(tx, origin, events);
  }

  async plan(context: PolicyContext, change: StoredChange): Promise<void> {
    const { changeId, key, value, unit, effectiveAt, recalculate } = change;
    const data = { changeId, value, unit, effectiveAt, recalculate };
    await this.tell(context, key, 'policy.change_planned', context.now, null, data);
  }

  async withdraw(
    context: PolicyContext,
    { changeId, key, value, unit, effectiveAt }: StoredChange,
    by: { userId: string; reason: string },
  ): Promise<void> {
    await this.store.withdraw(context.tx, changeId, { ...by, at: context.now });
    const data = { changeId, value, unit, effectiveAt };
    await this.tell(context, key, 'policy.change_withdrawn', context.now, null, data);
  }

  /** The policy as consoles see it; `undefined`: this program has none of that key, or no value of it is in force yet. */
  async card(tx: PolicyContext['tx'], key: string): Promise<PolicyCard | undefined> {
    const held = await this.store.heldOf(tx, key);
    if (!held || !isPolicyKey(key)) return undefined;
    return cardOf(this.policy, key, held, await this.store.planned(tx, key));
  }

  /** All that are in force, by key. */
  async cards(tx: PolicyContext['tx']): Promise<Map<string, PolicyCard>> {
    const planned = await this.store.planned(tx);
    const cards = new Map<string, PolicyCard>();
    for (const held of await this.store.held(tx)) {
      const { key } = held;
      const toCome = planned.filter((change) => change.key === key);
      if (isPolicyKey(key)) cards.set(key, cardOf(this.policy, key, held, toCome));
    }
    return cards;
  }

  /** All consoles of the house learn of each policy as it stands. Why it was changed is told over HTTP alone. [PC5] [PC7] */
  async tell(
    { tx, origin }: PolicyContext,
    key: string,
    type: NewEvent['type'],
    at: number,
    version: number | null,
    data: object,
  ): Promise<void> {
    const card = (await this.card(tx, key)) ?? null;
    await this.eventLog.append(tx, origin, [eventOf(key, type, at, version, data, card)]);
  }
}

const eventOf = (
  key: string,
  type: NewEvent['type'],
  at: number,
  version: number | null,
  data: object,
  card: PolicyCard | null,
): NewEvent => ({
  ...{ subject: `policy:${key}`, type, at, version, data: { key, ...data }, card },
  rooms: { [ROOM]: 'full' },
});

const fits = (policy: Policy, { key, value, unit }: StoredChange): boolean =>
  isPolicyKey(key) && policy.fault(key, value, unit) === undefined;

export function cardOf(
  policy: Policy,
  key: PolicyKey,
  { value, unit, version, since }: HeldRow,
  planned: readonly StoredChange[],
): PolicyCard {
  const { unit: defaultUnit, default: standard, clause } = policy.entries[key];
  return {
    key,
    value,
    unit,
    default: standard,
    defaultUnit,
    clause,
    version,
    since,
    planned: planned.map(({ changeId, value, unit, effectiveAt }) => ({ changeId, value, unit, effectiveAt })),
  };
}
