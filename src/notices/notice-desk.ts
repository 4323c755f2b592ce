import { Injectable } from '@nestjs/common';
import type { NoticeEventType } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { derivedId } from '../commands/derived-id.js';
import { newCommandId } from '../commands/new-command-id.js';
import { ClockLedger } from '../deadlines/clock-ledger.js';
import { retryAfter, sendableFrom } from '../domain/notice/notice-time.js';
import { EventLog } from '../event-log/event-log.js';
import { CitizenGateway } from './citizen-gateway.js';
import { NoticePolicy } from './notice-policy.js';
import { type Notice, type NoticeFailure, NoticeStore, type StoredNotice } from './notice-store.js';

/** Beyond the gateway's own time: to look up the number, and to write down the answer. */
const SLACK_MS = 30_000;

/** A try to send a notice, as a transaction has counted it. */
export interface CountedAttempt {
  attempt: number;
  /** The timer that stands for it. */
  clockId: string;
}

/** A notice on its way: row, timer and event of one step together, in the caller's transaction. */
@Injectable()
export class NoticeDesk {
  constructor(
    private readonly store: NoticeStore,
    private readonly clocks: ClockLedger,
    private readonly log: EventLog,
    private readonly gateway: CitizenGateway,
    private readonly policy: NoticePolicy,
  ) {}

  /** [NT1] Into the outbox; with a gateway it is tried as soon as people may be told. */
  async queue(
    context: CommandContext,
    facts: Pick<Notice, 'orderNo' | 'requestNo' | 'template' | 'facts' | 'text'>,
  ): Promise<string> {
    const { tx, origin, now } = context;
    const noticeId = derivedId('notice', origin.commandId);
    const clockId = this.gateway.connected ? timerFor(context, noticeId) : null;
    const notice: Notice = {
      ...{ noticeId, ...facts, createdAt: now, clockId },
      ...{ state: 'queued', attempts: 0, sentAt: null, failure: null },
    };
    await this.store.add(tx, notice);
    await this.startTimer(context, notice, sendableFrom(now, facts.template, this.policy.hours));
    await this.tell(context, 'notice.queued', notice);
    return noticeId;
  }

  /** [NT3] There is a gateway now. */
  async takeUp(context: CommandContext, from: StoredNotice): Promise<void> {
    const next: Notice = { ...from, clockId: timerFor(context, from.noticeId) };
    await this.store.change(context.tx, from, next);
    await this.startTimer(context, next, sendableFrom(context.now, next.template, this.policy.hours));
  }

  /** [NT3] There is none any more. */
  async rest(context: CommandContext, from: StoredNotice): Promise<void> {
    await this.store.change(context.tx, from, { ...from, clockId: null });
  }

  /**
   * Somebody tries it now; without an answer in time its timer rings once more. Answers which attempt it is, and the timer,
   * which is of this run alone: of several that count the same attempt one is committed, and its timer tells which.
   */
  async attempt(context: CommandContext, from: StoredNotice): Promise<CountedAttempt> {
    const { tx, now } = context;
    const clockId = `notice:${newCommandId()}`;
    const next: Notice = { ...from, attempts: from.attempts + 1, clockId };
    await this.store.change(tx, from, next);
    await this.startTimer(context, next, now + this.policy.timeoutMs + SLACK_MS);
    return { attempt: next.attempts, clockId };
  }

  async sent(context: CommandContext, from: StoredNotice): Promise<void> {
    await this.end(context, 'notice.sent', from, { ...from, state: 'sent', sentAt: context.now, clockId: null });
  }

  async fail(context: CommandContext, from: StoredNotice, failure: NoticeFailure): Promise<void> {
    await this.end(context, 'notice.failed', from, { ...from, state: 'failed', failure, clockId: null });
  }

  /** [NT4] Nobody answered: later again, each time twice as much later, until it is enough. */
  async again(context: CommandContext, from: StoredNotice): Promise<void> {
    if (from.attempts >= this.policy.mostAttempts) return this.fail(context, from, 'unanswered');
    await this.stopTimer(context, from);
    const next: Notice = { ...from, clockId: timerFor(context, from.noticeId) };
    await this.store.change(context.tx, from, next);
    await this.startTimer(context, next, context.now + retryAfter(from.attempts, this.policy.retryMs));
  }

  private async end(context: CommandContext, type: NoticeEventType, from: StoredNotice, to: Notice): Promise<void> {
    await this.stopTimer(context, from);
    await this.store.change(context.tx, from, to);
    await this.tell(context, type, to);
  }

  private async stopTimer({ tx, now }: CommandContext, { clockId }: Notice): Promise<void> {
    if (clockId !== null) await this.clocks.stop(tx, clockId, now);
  }

  private async startTimer({ tx, now }: CommandContext, { noticeId, clockId }: Notice, dueAt: number): Promise<void> {
    if (clockId === null) return;
    await this.clocks.start(
      tx,
      {
        clockId,
        kind: 'NOTICE',
        subject: `notice:${noticeId}`,
        dueAt,
        command: { name: 'sendNotice', payload: { noticeId, clockId } },
      },
      now,
    );
  }

  /** In the order's own room: codes alone, the words are pulled. */
  private async tell({ tx, origin, now }: CommandContext, type: NoticeEventType, notice: Notice): Promise<void> {
    const { noticeId, orderNo, template, attempts, failure } = notice;
    await this.log.append(tx, origin, [
      {
        subject: `notice:${noticeId}`,
        type,
        at: now,
        version: null,
        data: { noticeId, orderNo, template, attempts, ...(failure && { failure }) },
        card: null,
        rooms: { [`order:${orderNo}`]: 'full' },
      },
    ]);
  }
}

const timerFor = ({ origin }: CommandContext, noticeId: string): string =>
  `notice:${derivedId(origin.commandId, 'notice', noticeId)}`;
