import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from './seeded-random.js';

const MAPPING = {
  name: 'town',
  source: 'town-2019',
  encoding: 'utf-8',
  missing: ['-'],
  timeZone: '+08:00',
  fields: {
    sourceId: 'no',
    occurredAt: { column: 'when', format: 'YYYY-MM-DD HH:mm:ss' },
    channel: { column: 'how', map: { hotline: '12345', window: 'counter' } },
    kind: { column: 'kind', map: { 投诉: 'complaint', 求决: 'resolution' } },
    catalogCode: { template: 'T{matter}' },
    title: { template: '{matterName}' },
    text: { template: '{matterName}' },
    filedBy: { value: '历史记录回放' },
    'place.areaCode': { template: 'T-{village}' },
  },
  replay: {
    notes: ['made up'],
    recordedUnit: 'town-{unit}',
    units: [
      {
        unitId: 'town-village-{village}',
        name: '{villageName}',
        type: 'village',
        level: 'village',
        areaCode: 'T-{village}',
      },
      { unitId: 'town-{unit}', name: '{unitName}', type: 'department', level: 'department' },
    ],
    catalogue: [{ code: 'T{matter}', name: '{matterName}' }],
    learning: { areas: ['T-{village}'], minSupport: 3, minShare: 0.6 },
    counts: [{ name: 'complaints', column: 'kind', value: '投诉' }],
  },
};
const MATTERS = ['路灯', '井盖', '噪声', '垃圾'];
const UNITS = ['照明所', '道路科', '环保站', '环卫站'];

/**
 * Puts a made-up town's recorded requests and their mapping into a folder, with columns of its own. A matter mostly goes to
 * its unit, now and then to another; some rows name no unit, kind or place.
 */
export async function recordTown(folder: string, rows: number, seed = 20190501): Promise<{ file: string }> {
  const random = seededRandom(seed);
  const pick = (count: number): number => Math.floor(random() * count);
  const lines = ['no,when,how,kind,matter,matterName,village,villageName,unit,unitName'];
  for (let n = 1; n <= rows; n += 1) {
    const matter = pick(MATTERS.length);
    const unit = random() < 0.85 ? matter : pick(UNITS.length);
    const [minute, second] = [Math.floor(n / 60), n % 60].map((part) => String(part).padStart(2, '0'));
    const kind = random() < 0.05 ? '-' : random() < 0.8 ? '投诉' : '求决';
    const village = random() < 0.05 ? '-,-' : ['E,东村', 'W,西村', 'S,"南村, 上"'][pick(3)]!;
    const named = random() < 0.95 ? `${unit},${UNITS[unit]}` : '-,-';
    const how = random() < 0.5 ? 'hotline' : 'window';
    lines.push(
      `r${n},2019-05-01 09:${minute}:${second},${how},${kind},${matter},${MATTERS[matter]},${village},${named}`,
    );
  }
  const file = join(folder, 'town.csv');
  await mkdir(join(folder, 'replay'), { recursive: true });
  await writeFile(join(folder, 'replay', 'town.json'), JSON.stringify(MAPPING));
  await writeFile(file, `${lines.join('\r\n')}\r\n`);
  return { file };
}
