import { Injectable } from '@nestjs/common';
import type { CallDetail, CallerHistory } from '@minqing-hub/client-sdk/protocol';
import { Clock } from '../config/clock.js';
import { maskPhone } from '../domain/access/mask.js';
import { ok, type Result } from '../domain/result.js';
import type { Actor } from '../identity/actor.js';
import { CallerOrders } from '../orders/queries/caller-orders.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CallBook } from './call-book.js';

/** A call, for the seat that has it. [CT4] */
@Injectable()
export class CallReading {
  constructor(
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
    private readonly book: CallBook,
    private readonly callers: CallerOrders,
  ) {}

  /** The caller's number comes masked. */
  detail(actor: Actor, callId: string): Promise<Result<CallDetail>> {
    return this.readModel.run(async (tx) => {
      const found = await this.book.known({ tx, actor, now: this.clock.now() }, callId);
      if (!found.ok) return found;
      const call = found.value;
      const phone = await this.book.phone(tx, call);
      const { seatId, offeredAt, answeredAt, endedAt, orderNo } = call;
      const caller = phone === null ? null : maskPhone(phone);
      return ok({ callId: call.callId, seatId, caller, offeredAt, answeredAt, endedAt, orderNo });
    });
  }

  /** [AN8] What the caller and the neighbourhood had before, found by the number's digest. */
  async history(actor: Actor, callId: string, areaCode: string | undefined): Promise<Result<CallerHistory>> {
    const found = await this.readModel.run((tx) => this.book.known({ tx, actor, now: this.clock.now() }, callId));
    if (!found.ok) return found;
    const { caller } = found.value;
    return ok(
      caller === null ? { caller: [], neighbourhood: [] } : await this.callers.ofDigest(actor, caller, areaCode),
    );
  }
}
