import type { QueueId, SkillLevel } from '../../../client-sdk/src/protocol/index.js';

/** What the plan of skills says of one: work of these queues asks for it at this level. */
export interface PlannedSkill {
  level: number;
  queues: readonly QueueId[];
}

export interface SkillPlan {
  get(skill: string): PlannedSkill | undefined;
}

/** What routing knows of a piece of work; what is absent asks for nothing. */
export interface RoutedWork {
  queueId: QueueId;
  critical: boolean;
  /** It came by the way of emergencies. */
  emergency?: boolean;
  /** The top level of its matter in the catalogue. */
  field?: string | null;
  dialect?: string | null;
}

/** [RT1] What it asks for when it comes in. */
export function needsOf(work: RoutedWork, plan: SkillPlan): SkillLevel[] {
  const skills = [
    ...(work.critical || work.emergency ? ['emergency'] : []),
    ...(work.dialect ? [`dialect:${work.dialect}`] : []),
    ...(work.field ? [`field:${work.field}`] : []),
  ];
  return skills.flatMap((skill) => {
    const planned = plan.get(skill);
    return planned?.queues.includes(work.queueId) ? [{ skill, level: planned.level }] : [];
  });
}
