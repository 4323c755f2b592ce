import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';

const HOUR_MS = 3_600_000;

const UNITS: Record<Exclude<ClockBasis, 'wall'>, string> = { day: '个自然日', workday: '个工作日' };

/** As people say it: ` 36 小时`, ` 5 个工作日`. Hours that are not full do not count. */
export const durationWords = (amount: number, basis: ClockBasis): string =>
  basis === 'wall' ? ` ${Math.floor(amount / HOUR_MS)} 小时` : ` ${amount} ${UNITS[basis]}`;
