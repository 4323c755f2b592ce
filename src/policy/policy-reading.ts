import { Injectable } from '@nestjs/common';
import type { PolicyDetail, PolicyHistoryEntry } from '@minqing-hub/client-sdk/protocol';
import { isWhole, LIMIT_UNITS, Policy } from '../config/policy.js';
import { POLICY_KEYS, type PolicyForm, type PolicyKey } from '../config/policy-keys.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { cardOf } from './policy-desk.js';
import { PolicyStore } from './policy-store.js';

/** The policy as it is read: what holds, what is planned, what was. */
@Injectable()
export class PolicyReading {
  constructor(
    private readonly readModel: ReadModel,
    private readonly store: PolicyStore,
    private readonly policy: Policy,
  ) {}

  /** By their keys. */
  async all(): Promise<PolicyDetail[]> {
    const [held, planned] = await this.readModel.run(async (tx) => [
      new Map((await this.store.held(tx)).map((row) => [row.key, row])),
      await this.store.planned(tx),
    ]);
    const keys = (Object.keys(POLICY_KEYS) as PolicyKey[]).sort();
    return keys.flatMap((key) => {
      const row = held.get(key);
      // All have one once the hub has started.
      if (!row) return [];
      const { sentence, unit } = this.policy.entries[key];
      const own = planned.filter((change) => change.key === key);
      return [{ ...cardOf(this.policy, key, row, own), sentence, form: formOf(POLICY_KEYS[key], unit) }];
    });
  }

  history(key: PolicyKey): Promise<PolicyHistoryEntry[]> {
    return this.readModel.run((tx) => this.store.history(tx, key));
  }
}

function formOf(form: PolicyForm, unit: string): PolicyDetail['form'] {
  switch (form.kind) {
    case 'number':
      return { ...form, whole: isWhole(unit) };
    case 'limit':
      return {
        kind: 'limit',
        min: form.min,
        max: Math.max(...Object.values(form.most)),
        units: [...LIMIT_UNITS],
        most: form.most,
      };
    case 'choice':
      return { kind: 'choice', options: [...form.options] };
  }
}
