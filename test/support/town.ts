import type { Caller } from './caller.js';

/** A small district: two streets with a community each, a bureau with an office and one without, three matters and their duties. */
export const TOWN = {
  units: [
    { unitId: 'district', name: '示范区', type: 'government', level: 'district', areaCode: '1', areaType: 'district' },
    {
      unitId: 'street-a',
      name: '甲街道',
      type: 'street',
      level: 'street',
      parentId: 'district',
      areaCode: '101',
      areaType: 'street',
    },
    {
      unitId: 'street-b',
      name: '乙街道',
      type: 'street',
      level: 'street',
      parentId: 'district',
      areaCode: '102',
      areaType: 'street',
    },
    {
      unitId: 'village-a',
      name: '甲一社区',
      type: 'community',
      level: 'community',
      parentId: 'street-a',
      areaCode: '10101',
      areaType: 'community',
    },
    {
      unitId: 'village-b',
      name: '乙一社区',
      type: 'community',
      level: 'community',
      parentId: 'street-b',
      areaCode: '10201',
      areaType: 'community',
    },
    { unitId: 'works', name: '城建局', type: 'bureau', level: 'district', parentId: 'district' },
    { unitId: 'planning', name: '规划局', type: 'bureau', level: 'district', parentId: 'district' },
    { unitId: 'works-roads', name: '道路科', type: 'office', level: 'office', parentId: 'works' },
    {
      unitId: 'old',
      name: '撤销社区',
      type: 'community',
      level: 'community',
      parentId: 'street-b',
      areaCode: '10299',
      areaType: 'community',
      active: false,
    },
  ],
  catalogue: [
    { code: '6', name: '市政设施' },
    { code: '6-1', name: '道路', parentCode: '6' },
    { code: '6-1-1', name: '道路破损', parentCode: '6-1' },
    { code: '6-1-2', name: '路灯', parentCode: '6-1' },
    { code: '6-1-9', name: '停用事项', parentCode: '6-1', active: false },
  ],
  duties: [
    { catalogCode: '6-1-1', areaCode: '*', unitId: 'works', legalBasis: '道路管理条例', confidence: 1 },
    { catalogCode: '6-1-2', areaCode: '101', unitId: 'street-a', legalBasis: '三定方案', confidence: 0.3 },
  ],
};

/** Puts the town's lists in force in place of the demo's. */
export async function settleTown(admin: Caller): Promise<void> {
  for (const list of ['units', 'catalogue', 'duties'] as const) {
    const { status, body } = await admin.post(`/api/lists/${list}/import`, TOWN[list]);
    if (status !== 200 || body.status !== 'activated') throw new Error(`${list}: ${JSON.stringify(body)}`);
  }
}
