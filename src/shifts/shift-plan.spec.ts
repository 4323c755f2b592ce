import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { readSettings } from '../config/settings.js';
import { ShiftPlan } from './shift-plan.js';

describe('config/shifts.json', () => {
  let configDir: string;
  beforeEach(async () => {
    configDir = await mkdtemp(join(tmpdir(), 'hub-config-'));
  });
  afterEach(() => rm(configDir, { recursive: true }));

  const plan = () => new ShiftPlan(readSettings({ HUB_DATA_DIR: configDir, HUB_CONFIG_DIR: configDir }));
  const faults = async (text: string) => {
    await writeFile(join(configDir, 'shifts.json'), text);
    try {
      plan();
    } catch (error) {
      return (error as ConfigurationFault).faults;
    }
    return [];
  };

  it('[SH1] stops the start with every fault at once', async () => {
    expect(plan).toThrow(ConfigurationFault);
    expect(await faults('[{')).toEqual(['shifts.json：无法读取，或不是正确的 JSON']);
    const early = { code: 'early', name: '早班', start: '07:00', end: '15:00' };
    expect(await faults(JSON.stringify([early, { ...early, code: 'late', start: '16:00', end: '06:00' }]))).toEqual([
      'shifts.json：name 早班 重复',
      'shifts.json：06:00 至 07:00 没有班次',
      'shifts.json：15:00 至 16:00 没有班次',
    ]);
  });

  it('[SH1] knows a shift by code and by name, and calls by its code one that it has no more', async () => {
    const all = [
      { code: 'day', name: '白班', start: '08:00', end: '20:00' },
      { code: 'night', name: '夜班', start: '20:00', end: '08:00' },
    ];
    expect(await faults(JSON.stringify(all))).toEqual([]);
    expect([plan().find('day'), plan().find('夜班'), plan().find('noon')]).toEqual([...all, undefined]);
    expect([plan().nameOf('night'), plan().nameOf('noon')]).toEqual(['夜班', 'noon']);
  });
});
