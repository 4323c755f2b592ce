import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFault } from './configuration-fault.js';
import { loadConfiguration } from './load-configuration.js';
import { LONGEST_LIMIT } from '../domain/clock/longest-limit.js';
import { POLICY_KEYS } from './policy-keys.js';
import { type Policy, type PolicyEntry, readPolicy } from './policy.js';

describe('policy', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hub-policy-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const standing = () => JSON.parse(readFileSync('config/policy.json', 'utf8')) as Record<string, PolicyEntry>;
  const write = (content: string) => writeFileSync(join(folder, 'policy.json'), content);
  function faultsOf(read: () => unknown): readonly string[] {
    try {
      read();
    } catch (error) {
      if (error instanceof ConfigurationFault) return error.faults;
      throw error;
    }
    return [];
  }

  it('stands at its defaults as shipped', () => {
    for (const entry of Object.values(readPolicy('config').entries)) expect(entry.value).toEqual(entry.default);
  });

  it('[DI2] [DI3] [DI4] gives the dispatch limits of the rule book, in minutes', () => {
    const policy: Policy = readPolicy('config');
    expect(policy.number('dispatch.limit.urgent')).toBe(30);
    expect(policy.number('dispatch.limit.fast')).toBe(2 * 60);
    expect(policy.number('dispatch.limit.normal')).toBe(8 * 60);
    expect(policy.entries['dispatch.limit.urgent'].unit).toBe('min');
  });

  it('gives what the city has decided, and what a trial changes', () => {
    write(JSON.stringify({ ...standing(), 'offer.seconds': { ...standing()['offer.seconds'], value: 20 } }));
    expect(readPolicy(folder).number('offer.seconds')).toBe(20);
    expect(readPolicy(folder, { 'offer.seconds': 3 }).number('offer.seconds')).toBe(3);
    expect(readPolicy(folder).choice('objection.confirmation')).toBe('deputy_leader');
  });

  it('tells every fault at once', () => {
    const { 'offer.seconds': offer, ...rest } = standing();
    write(
      JSON.stringify({
        ...rest,
        'offer.second': offer,
        'seat.capacity': { ...rest['seat.capacity'], value: 'two', unit: 'parsec', clauses: ['X1'] },
        'dispatch.confidenceGate': { ...rest['dispatch.confidenceGate'], value: 60 },
        'objection.confirmation': {
          ...rest['objection.confirmation'],
          value: 'anybody',
          sentence: ' ',
          clause: 9,
        },
        'seat.graceSeconds': 30,
      }),
    );
    expect([...faultsOf(() => readPolicy(folder))].sort()).toEqual(
      [
        '政策 offer.second：没有这一项（src/config/policy-keys.ts），是否指 offer.seconds',
        '政策 offer.seconds：缺少这一项',
        '政策 seat.capacity：没有 clauses 这个字段，是否指 clause',
        '政策 seat.capacity：value 应为 1 到 20 的数',
        '政策 seat.capacity：unit 应为 ms、s、min、h、day、workday、count、ratio、bytes 之一',
        '政策 dispatch.confidenceGate：value 应为 0 到 1 的数',
        '政策 objection.confirmation：value 应为 deputy_leader 或 none',
        '政策 objection.confirmation：sentence 应为一句话',
        '政策 objection.confirmation：clause 应为规则条款编号',
        '政策 seat.graceSeconds：应为一个对象',
      ].sort(),
    );
  });

  it('[PC2] knows of a limit how much it may be by what it is counted in', () => {
    expect(POLICY_KEYS['handling.limit.simple'].most).toEqual(LONGEST_LIMIT);
    const { 'handling.limit.simple': simple, ...rest } = standing();
    write(JSON.stringify({ ...rest, 'handling.limit.simple': { ...simple, value: 5_000 } }));
    expect(faultsOf(() => readPolicy(folder))).toEqual([
      '政策 handling.limit.simple：value 应为 0 到 1000 的整数（个工作日）',
    ]);
    write(JSON.stringify({ ...rest, 'handling.limit.simple': { ...simple, value: 5_000, unit: 'h' } }));
    expect(readPolicy(folder).limit('handling.limit.simple')).toEqual({ amount: 5_000, unit: 'h' });
    write(JSON.stringify({ ...rest, 'handling.limit.simple': { ...simple, value: 5_000, unit: 'moon' } }));
    expect(faultsOf(() => readPolicy(folder))).toEqual([
      '政策 handling.limit.simple：unit 应为 min、h、day、workday 之一',
    ]);
  });

  it('tells when the file is missing or is no JSON object', () => {
    expect(faultsOf(() => readPolicy(join(folder, 'nowhere')))).toEqual(['policy.json：无法读取（HUB_CONFIG_DIR）']);
    write('{"offer.seconds": ');
    expect(faultsOf(() => readPolicy(folder))).toEqual(['policy.json：不是正确的 JSON']);
    write('[]');
    expect(faultsOf(() => readPolicy(folder))).toEqual(['policy.json：应为一个对象']);
  });

  it('tells its faults together with those of the settings and of the plan of skills', () => {
    write('[]');
    writeFileSync(join(folder, 'skills.json'), '{}');
    expect(
      faultsOf(() => loadConfiguration({ HUB_CONFIG_DIR: folder, HUB_DATA_DIR: join(folder, 'data'), HUB_PORT: 'x' })),
    ).toEqual(['HUB_PORT：应为 0 到 65535 的整数', 'policy.json：应为一个对象', 'skills.json：应为列表']);
  });
});
