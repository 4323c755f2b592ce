import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import { refuse, ok, type Refusal, type Result } from '../domain/result.js';
import { hasCall } from '../domain/telephony/has-call.js';
import { type Actor, hasRole } from '../identity/actor.js';
import type { ReadTx, Tx } from '../storage/unit-of-work.js';
import { CallIds } from './call-ids.js';
import { CallPolicy } from './call-policy.js';
import { CallStore, type StoredCall } from './call-store.js';

export type { StoredCall };

const unknown: Refusal = {
  code: 'call_unknown',
  message: '没有这通电话，或不在您手中',
  field: 'callId',
  clause: 'CT4',
};

/** What other features ask of calls, inside their own transaction. */
@Injectable()
export class CallBook {
  constructor(
    private readonly calls: CallStore,
    private readonly ids: CallIds,
    private readonly policy: CallPolicy,
  ) {}

  /** [CT4] The call, locked, if the actor has it or had it a while ago. What is not theirs is not there. */
  async inHand({ tx, actor, now }: CommandContext, callId: string): Promise<Result<StoredCall>> {
    const call = await this.calls.lock(tx, this.ids.call(callId));
    return call && this.theirs(actor, call, now) ? ok(call) : { ok: false, error: unknown };
  }

  /** As `inHand`, and for shift leaders whosever it is. */
  async known({ tx, actor, now }: { tx: ReadTx; actor: Actor; now: number }, callId: string) {
    const call = await this.calls.get(tx, this.ids.call(callId));
    return call && (hasRole(actor, ['shift_leader']) || this.theirs(actor, call, now))
      ? ok(call)
      : refuse(unknown.code, unknown.message, unknown);
  }

  /** Whoever's it is: for the hub itself. */
  get(tx: ReadTx, callId: string): Promise<StoredCall | undefined> {
    return this.calls.get(tx, callId);
  }

  /** In clear: only for who may speak with the caller. */
  phone(tx: ReadTx, call: StoredCall): Promise<string | null> {
    return this.calls.phone(tx, call);
  }

  answeredSince(tx: ReadTx, callerDigest: string, since: number): Promise<boolean> {
    return this.calls.answeredSince(tx, callerDigest, since);
  }

  /** [CT5] The call became an order; of several the first stays its own. */
  async becameOrder(tx: Tx, call: StoredCall, orderNo: string): Promise<void> {
    if (call.orderNo === null) await this.calls.save(tx, { ...call, orderNo });
  }

  private theirs(actor: Actor, call: StoredCall, now: number): boolean {
    return hasCall(actor, call, { now, afterMs: this.policy.afterMs });
  }
}
