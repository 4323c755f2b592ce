import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { knownNotices } from './known-notices.js';

describe('the notices that come with the hub', () => {
  let configDir: string;
  beforeEach(async () => {
    configDir = await mkdtemp(join(tmpdir(), 'hub-config-'));
    await mkdir(join(configDir, 'calendar'));
  });
  afterEach(() => rm(configDir, { recursive: true }));

  const write = (text: string) => writeFile(join(configDir, 'calendar/notices.json'), text);
  const faults = () => {
    try {
      return knownNotices(configDir);
    } catch (error) {
      if (error instanceof ConfigurationFault) return error.faults;
      throw error;
    }
  };

  it('[WD11] stand as days, or as the first and the last of several', async () => {
    const source = '国务院办公厅通知';
    await write(JSON.stringify([{ year: 2027, source, off: ['2026-12-31/2027-01-02'], work: ['2027-01-09'] }]));
    expect(knownNotices(configDir)).toEqual([
      { year: 2027, source, off: ['2026-12-31', '2027-01-01', '2027-01-02'], work: ['2027-01-09'] },
    ]);
  });

  it('[WD11] [WD5] are told with every fault, in sentences', async () => {
    const notice = { year: 2027, source: '通知', off: ['2027-01-01'], work: [] };
    expect(faults()).toEqual(['calendar/notices.json：无法读取（HUB_CONFIG_DIR）']);
    await write('{');
    expect(faults()).toEqual(['calendar/notices.json：不是正确的 JSON']);
    await write('{}');
    expect(faults()).toEqual(['calendar/notices.json：应为一个列表']);
    const written = [
      null,
      { ...notice, source: '' },
      { ...notice, work: undefined },
      notice,
      notice,
      { ...notice, year: 2028, off: ['2028-01-03/2028-01-01', '2028-02-30', '2028-01-01/soon'] },
    ];
    await write(JSON.stringify(written));
    expect(faults()).toEqual(
      [
        '第 1 份应有 year、source、off 和 work',
        '第 2 份应有 year、source、off 和 work',
        '第 3 份应有 year、source、off 和 work',
        '2027 年写了两次',
        '2028 年 2028-01-03/2028-01-01：没有这一天',
        '2028 年 2028-02-30：没有这一天',
        '2028 年 2028-01-01/soon：没有这一天',
      ].map((fault) => `calendar/notices.json：${fault}`),
    );
  });
});
