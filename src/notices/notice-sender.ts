import { Injectable, Logger, type OnApplicationShutdown } from '@nestjs/common';
import { CommandBus } from '../commands/command-bus.js';
import { derivedId } from '../commands/derived-id.js';
import { newCommandId } from '../commands/new-command-id.js';
import { Beat } from '../deadlines/beat.js';
import { SYSTEM } from '../identity/actor.js';
import { OrderBook } from '../orders/order-book.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CitizenGateway, type SendOutcome } from './citizen-gateway.js';
import type { CountedAttempt } from './notice-desk.js';
import { NoticeStore, type StoredNotice } from './notice-store.js';

/** Messages on their way from this node at once: a gateway is one machine, and others have to be heard meanwhile. */
const MOST_AT_ONCE = 16;

/**
 * Hands to the gateway what commands of this node have said it shall try. A command may not wait for a network, so it
 * only says so, and each second this looks whether that was committed. What is lost here, with the process or on the
 * way, is tried again when its timer rings: at least once, and under one id. [NT4]
 */
@Injectable()
export class NoticeSender implements OnApplicationShutdown {
  /** Notice → attempt that a transaction of this node has counted last, committed or not. */
  private readonly begun = new Map<string, CountedAttempt>();
  private readonly sending = new Map<string, Promise<void>>();
  private readonly ending = new AbortController();
  private readonly log = new Logger('NoticeSender');
  /** Whether what was made without a gateway has been taken up. */
  private takenUp = false;

  constructor(
    private readonly gateway: CitizenGateway,
    private readonly store: NoticeStore,
    private readonly orders: OrderBook,
    private readonly readModel: ReadModel,
    private readonly bus: CommandBus,
    beat: Beat,
  ) {
    if (gateway.connected) beat.each(() => this.send());
  }

  /** Inside the transaction that counts the attempt. */
  begin(noticeId: string, counted: CountedAttempt): void {
    this.begun.set(noticeId, counted);
  }

  async onApplicationShutdown(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.sending.values());
  }

  private async send(): Promise<void> {
    if (!this.takenUp) await this.takeUp();
    for (const [noticeId, counted] of [...this.begun]) {
      if (this.sending.size >= MOST_AT_ONCE) return;
      if (!this.sending.has(noticeId)) await this.sendOne(noticeId, counted);
    }
  }

  /** [NT3] */
  private async takeUp(): Promise<void> {
    const command = { name: 'takeUpNotices', commandId: newCommandId(), payload: {} };
    const answer = await this.bus.execute(SYSTEM, command);
    if (answer.ok) this.takenUp = (answer.result as { left: number }).left === 0;
  }

  private async sendOne(noticeId: string, { attempt, clockId }: CountedAttempt): Promise<void> {
    const [notice, phone] = await this.readModel.run(async (tx) => {
      const found = await this.store.get(tx, noticeId);
      return [found, found ? await this.orders.requesterPhone(tx, found.orderNo) : null] as const;
    });
    // Not committed yet, or never.
    if ((notice?.attempts ?? 0) < attempt) return;
    this.begun.delete(noticeId);
    // Counted by another node, where this one's transaction was undone: it is that node's to send.
    if (notice?.state !== 'queued' || notice.clockId !== clockId) return;
    const work = this.handOver(notice, phone)
      .catch((error: unknown) => this.log.error(`notice ${noticeId} is tried again later`, error as Error))
      .finally(() => this.sending.delete(noticeId));
    this.sending.set(noticeId, work);
  }

  private async handOver(notice: StoredNotice, phone: string | null): Promise<void> {
    const { noticeId, attempts: attempt, orderNo, template, facts, text } = notice;
    const message = { noticeId, orderNo, template, facts, text };
    const outcome: SendOutcome | 'no_address' =
      phone === null ? 'no_address' : await this.gateway.send({ ...message, phone }, this.ending.signal);
    // Who ends has not heard what became of it: its timer will ask again.
    if (outcome !== 'sent' && this.ending.signal.aborted) return;
    await this.bus.execute(SYSTEM, {
      name: 'recordNotice',
      commandId: derivedId('notice', noticeId, String(attempt), outcome),
      payload: { noticeId, attempt, outcome },
    });
  }
}
