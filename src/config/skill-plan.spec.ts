import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { readSkillPlan } from './skill-plan.js';

describe('plan of skills', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-skills-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: string) => writeFileSync(join(folder, 'skills.json'), content);
  function faults(): readonly string[] {
    try {
      readSkillPlan(folder);
    } catch (error) {
      if (error instanceof ConfigurationFault) return error.faults;
      throw error;
    }
    return [];
  }

  it('[RT1] fits the demo city: its fields are top levels of the catalogue', () => {
    const top = readFileSync('config/demo/catalogue.csv', 'utf8')
      .split('\n')
      .filter((line) => /^\d\d,/.test(line))
      .map((line) => line.split(',')[0]);
    const plan = readSkillPlan('config');
    const fields = plan.all.filter(({ skill }) => skill.startsWith('field:'));
    expect(fields.length).toBeGreaterThan(3);
    for (const { skill } of fields) expect(top).toContain(skill.slice('field:'.length));
    expect(plan.get('emergency')?.queues).toContain('register');
    expect(plan.has('dialect:kejia')).toBe(true);
    expect(plan.has('dialect:klingon')).toBe(false);
  });

  it('tells every fault at once', () => {
    const right = { skill: 'emergency', name: '应急', level: 3, queues: ['register'] };
    write(
      JSON.stringify([
        right,
        { ...right, levels: 3 },
        { ...right, skill: 'dialect:a_b', name: ' ' },
        { ...right, skill: 'field:01', level: 6, queues: ['register', 'register'] },
        { ...right, skill: 'field:02', level: '3', queues: ['hall'] },
        null,
      ]),
    );
    expect(faults()).toEqual([
      'skills.json 第 2 项：没有 levels 这个字段',
      'skills.json 第 3 项：skill 应为 emergency、field:编码 或 dialect:编码，编码为1到32个字母、数字、点或 -',
      'skills.json 第 3 项：name 不能为空',
      'skills.json 第 4 项：level 应为 1 到 5 的整数',
      'skills.json 第 4 项：queues 应为 register、dispatch、arbitration、callback 中的若干个，不重复',
      'skills.json 第 5 项：level 应为 1 到 5 的整数',
      'skills.json 第 5 项：queues 应为 register、dispatch、arbitration、callback 中的若干个，不重复',
      'skills.json 第 6 项：应为一个对象',
      'skills.json：技能 emergency 重复',
    ]);
  });

  it('tells when the file is missing or is no list', () => {
    expect(faults()).toEqual(['skills.json：无法读取（HUB_CONFIG_DIR）']);
    write('[');
    expect(faults()).toEqual(['skills.json：不是正确的 JSON']);
    write('{}');
    expect(faults()).toEqual(['skills.json：应为列表']);
  });
});
