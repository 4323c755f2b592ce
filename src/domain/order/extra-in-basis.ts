import type { ClockBasis } from '@minqing-hub/client-sdk/protocol';

const HOUR_MS = 3_600_000;

/** More time as people ask for it, hours by the clock or days, as the clock of that basis counts it. [T17] */
export const extraInBasis = (asked: number, basis: ClockBasis): number => (basis === 'wall' ? asked * HOUR_MS : asked);
