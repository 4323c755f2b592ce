import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { refuse, type Result } from '../result.js';
import { chinaTime } from './shift-plan.js';

/** What a city allows; ratios are shares, times ms. */
export interface BreakPolicy {
  maxMs: number;
  mostPerShift: number;
  mostShareAway: number;
  notLastMs: number;
}

/** How one of the seat's queues is manned, the seat itself among those signed on. */
export interface Manning {
  queueId: QueueId;
  signedOn: number;
  /** Of them on a break. */
  away: number;
  /** When the first of those who are away has to be back; `null`: nobody says. */
  nextBackAt: number | null;
}

const QUEUE_NAMES: Record<QueueId, string> = {
  register: '登记',
  dispatch: '分拨',
  arbitration: '裁决',
  callback: '回拨',
};

/** [SH9] How many of a queue's people may be on a break at once: of few, one, unless nobody may. */
export const mostAway = (signedOn: number, share: number): number =>
  share === 0 ? 0 : Math.max(1, Math.floor(signedOn * share + 1e-9));

/** [SH9] Whether somebody who works a shift may take a break now; answers until when it lasts. */
export function decideBreak(
  shift: { endsAt: number; breaks: number },
  manning: readonly Manning[],
  policy: BreakPolicy,
  now: number,
): Result<{ until: number }> {
  if (shift.breaks >= policy.mostPerShift) {
    return no(`本班小休已满 ${policy.mostPerShift} 次，本班内不能再小休`);
  }
  if (now > shift.endsAt - policy.notLastMs) {
    return no(`下班前 ${policy.notLastMs / 60_000} 分钟内不能小休，本班内不能再小休`);
  }
  for (const { queueId, signedOn, away, nextBackAt } of manning) {
    const most = mostAway(signedOn, policy.mostShareAway);
    if (away < most) continue;
    const when = nextBackAt === null || nextBackAt <= now ? '有人回岗后即可' : `最早 ${chinaTime(nextBackAt)} 起可以`;
    return no(`${QUEUE_NAMES[queueId]}队列同时小休的坐席已达上限（${most} 人），${when}`);
  }
  return { ok: true, value: { until: now + policy.maxMs } };
}

const no = (why: string): Result<never> =>
  refuse('break_not_allowed', `现在不能小休：${why}`, { field: 'presence', clause: 'SH9' });
