import type { QueueId, SkillLevel } from '../../../client-sdk/src/protocol/index.js';
import type { QueueItem } from '../queue/queue-item.js';

/** [RT3] How fast work asks for less. */
export interface Relaxation {
  stepMs: number;
  levels: number;
}

/** Signed-on seats that serve the same queues and can the same; for routing they are one. */
export interface SeatGroup {
  queues: readonly QueueId[];
  skills: readonly SkillLevel[];
  seats: number;
  /** One of them. */
  seatId: string;
}

export function levelOf(skills: readonly SkillLevel[], skill: string): number {
  return skills.find((known) => known.skill === skill)?.level ?? 0;
}

/** [RT2] */
export const canDo = (skills: readonly SkillLevel[], asked: readonly SkillLevel[]): boolean =>
  asked.every(({ skill, level }) => levelOf(skills, skill) >= level);

/** [RT3] What time alone has left of what it asked for. */
export const leftAfter = (needs: readonly SkillLevel[], waitedMs: number, relax: Relaxation): SkillLevel[] =>
  lowered(needs, stepsIn(waitedMs, relax) * relax.levels);

/** [RT3] [RT4] What a waiting item asks for now, with these seats signed on. It never asks for more later on. */
export function askedFor(
  { queueId, needs, queuedAt }: Pick<QueueItem, 'queueId' | 'needs' | 'queuedAt'>,
  now: number,
  relax: Relaxation,
  signedOn: readonly SeatGroup[],
): SkillLevel[] {
  const there = needs.length > 0 ? signedOn.filter(({ queues }) => queues.includes(queueId)) : [];
  // What nobody there has all of is asked for as it would be after more waiting.
  for (let steps = stepsIn(now - queuedAt, relax); ; steps++) {
    const asked = lowered(needs, steps * relax.levels).flatMap(({ skill, level }) => {
      const best = Math.min(level, bestOf(there, skill));
      return best > 0 ? [{ skill, level: best }] : [];
    });
    if (asked.length === 0 || there.some(({ skills }) => canDo(skills, asked))) return asked;
  }
}

export const stepsIn = (waitedMs: number, { stepMs }: Relaxation): number => Math.floor(Math.max(0, waitedMs) / stepMs);

const bestOf = (there: readonly SeatGroup[], skill: string): number =>
  there.reduce((best, { skills }) => Math.max(best, levelOf(skills, skill)), 0);

const lowered = (needs: readonly SkillLevel[], by: number): SkillLevel[] =>
  needs.flatMap(({ skill, level }) => (level > by ? [{ skill, level: level - by }] : []));
