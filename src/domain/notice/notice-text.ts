import type { NoticeTemplate } from '@minqing-hub/client-sdk/protocol';
import { dayOf, startOf } from '../calendar/day.js';
import type { SuspensionReason } from '../order/suspension-reasons.js';

/** What a notice tells, besides which order it is about. Nothing personal. [NT2] */
export interface NoticeFacts {
  unitId: string | null;
  unitName: string | null;
  /** By when it is to be dealt with, ms UTC. */
  dueAt: number | null;
  /** 24:00 of the last day of a suspension, ms UTC. */
  until: number | null;
  reasonCode: string | null;
}

/** The words of a notice. */
export function noticeText(template: NoticeTemplate, orderNo: string, facts: NoticeFacts): string {
  const unit = facts.unitName ?? '承办单位';
  const yours = `您的诉求（工单 ${orderNo}）`;
  switch (template) {
    case 'accepted':
      return `${yours}已受理。`;
    case 'dispatched':
      return `${yours}已转由${unit}办理${expected(facts)}。`;
    case 'extended':
      return `${yours}的办理期限已延长${expected(facts)}，仍由${unit}办理。`;
    case 'suspended':
      return `${yours}因${reasonOf(facts)}暂缓办理${facts.until === null ? '' : `，至迟于${momentText(facts.until)}后恢复`}。`;
    case 'resumed':
      return `${yours}已由${unit}恢复办理${expected(facts)}。`;
  }
}

const expected = ({ dueAt }: NoticeFacts): string => (dueAt === null ? '' : `，预计于${momentText(dueAt)}前办结`);

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** In China's time; the end of a day is that day's 24:00. */
export function momentText(at: number): string {
  const day = dayOf(at - 1);
  const [year, month, date] = day.split('-').map(Number);
  const minutes = Math.floor((at - startOf(day)) / MINUTE_MS);
  const time = `${Math.floor(minutes / 60)}时${minutes % 60 === 0 ? '' : `${minutes % 60}分`}`;
  return `${year}年${month}月${date}日${at - startOf(day) === 24 * HOUR_MS ? '24时' : time}`;
}

const REASONS: Record<SuspensionReason, string> = {
  legal_proceedings: '须待司法、仲裁或复议结果',
  project_approval: '须待立项或资金安排',
  season_or_weather: '受季节、天气等客观条件限制',
  third_party: '须待第三方先行处理',
  requester_absent: '您暂时不便或要求稍后办理',
  policy_pending: '相关政策正在制定或调整',
};

const reasonOf = ({ reasonCode }: NoticeFacts): string =>
  (reasonCode !== null && (REASONS as Readonly<Record<string, string>>)[reasonCode]) || '客观原因';
