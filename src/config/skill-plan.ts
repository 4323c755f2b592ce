import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { QueueId } from '@minqing-hub/client-sdk/protocol';
import { ConfigurationFault } from './configuration-fault.js';

/** Something that people can to some degree, and what work asks of it. */
export interface PlannedSkill {
  /** `field:{top level of the catalogue}`, `dialect:{code}` or `emergency`. */
  skill: string;
  /** Chinese. */
  name: string;
  /** What work asks for when it comes in, 1 to 5. */
  level: number;
  /** Work of these queues asks for it. */
  queues: readonly QueueId[];
}

const FILE = 'skills.json';
const FIELDS = ['skill', 'name', 'level', 'queues'];
/** No `_` and no `%`: seats are searched by what they can. */
const SKILL = /^(emergency|(field|dialect):[A-Za-z0-9.-]{1,32})$/;
const QUEUES: Record<QueueId, true> = { register: true, dispatch: true, arbitration: true, callback: true };

/** What people can be said to be able to, and what work asks for [RT1]: data (`config/skills.json`). */
export class SkillPlan {
  private readonly bySkill: ReadonlyMap<string, PlannedSkill>;

  constructor(readonly all: readonly PlannedSkill[]) {
    this.bySkill = new Map(all.map((planned) => [planned.skill, planned]));
  }

  has(skill: string): boolean {
    return this.bySkill.has(skill);
  }

  get(skill: string): PlannedSkill | undefined {
    return this.bySkill.get(skill);
  }
}

/** @throws {ConfigurationFault} with every fault at once. */
export function readSkillPlan(configDir: string): SkillPlan {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(configDir, FILE), 'utf8'));
  } catch (error) {
    throw new ConfigurationFault([
      error instanceof SyntaxError ? `${FILE}：不是正确的 JSON` : `${FILE}：无法读取（HUB_CONFIG_DIR）`,
    ]);
  }
  if (!Array.isArray(found)) throw new ConfigurationFault([`${FILE}：应为列表`]);
  const faults = found.flatMap(faultsOf);
  const skills = found.map((entry: unknown) => (entry as PlannedSkill | null)?.skill);
  for (const skill of new Set(skills.filter((one, at) => one !== undefined && skills.indexOf(one) !== at))) {
    faults.push(`${FILE}：技能 ${skill} 重复`);
  }
  if (faults.length) throw new ConfigurationFault(faults);
  return new SkillPlan(found as PlannedSkill[]);
}

function faultsOf(entry: unknown, at: number): string[] {
  if (entry === null || typeof entry !== 'object') return [`${FILE} 第 ${at + 1} 项：应为一个对象`];
  const { skill, name, level, queues } = entry as Record<string, unknown>;
  const faults = Object.keys(entry)
    .filter((field) => !FIELDS.includes(field))
    .map((field) => `没有 ${field} 这个字段`);
  if (typeof skill !== 'string' || !SKILL.test(skill)) {
    faults.push('skill 应为 emergency、field:编码 或 dialect:编码，编码为1到32个字母、数字、点或 -');
  }
  if (typeof name !== 'string' || !name.trim()) faults.push('name 不能为空');
  if (!Number.isInteger(level) || (level as number) < 1 || (level as number) > 5)
    faults.push('level 应为 1 到 5 的整数');
  const named = Array.isArray(queues) && queues.every((queueId) => Object.hasOwn(QUEUES, String(queueId)));
  if (!named || new Set(queues).size !== queues.length) {
    faults.push(`queues 应为 ${Object.keys(QUEUES).join('、')} 中的若干个，不重复`);
  }
  return faults.map((fault) => `${FILE} 第 ${at + 1} 项：${fault}`);
}
