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
export function leftAfter(
  needs: readonly SkillLevel[],
  waitedMs: number,
  { stepMs, levels }: Relaxation,
): SkillLevel[] {
  return lowered(needs, Math.floor(Math.max(0, waitedMs) / stepMs) * levels);
}

/** [RT3] [RT4] What a waiting item asks for now, with these seats signed on. */
export function askedFor(
  item: Pick<QueueItem, 'queueId' | 'needs' | 'queuedAt'>,
  now: number,
  relax: Relaxation,
  signedOn: readonly SeatGroup[],
): SkillLevel[] {
  const left = leftAfter(item.needs, now - item.queuedAt, relax);
  if (left.length === 0) return left;
  const there = signedOn.filter(({ queues }) => queues.includes(item.queueId));
  let asked = left.flatMap(({ skill, level }) => {
    const best = Math.min(level, Math.max(0, ...there.map(({ skills }) => levelOf(skills, skill))));
    return best > 0 ? [{ skill, level: best }] : [];
  });
  // Each is there, but nobody has them all: together they are asked for as far as somebody does.
  while (!there.some(({ skills }) => canDo(skills, asked)) && asked.length > 0) asked = lowered(asked, 1);
  return asked;
}

const lowered = (needs: readonly SkillLevel[], by: number): SkillLevel[] =>
  needs.flatMap(({ skill, level }) => (level > by ? [{ skill, level: level - by }] : []));
