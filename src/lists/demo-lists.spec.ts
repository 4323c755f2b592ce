import { type ListKit, openListKit } from '../../test/support/list-kit.js';
import { seedDemoLists } from './demo-lists.js';

describe('nodes that start together at an empty demo database', () => {
  it('[LI5] have all its lists in force before any of them serves, each imported once', async () => {
    const kit = await openListKit();
    await kit.unitOfWork.run((tx) => tx.insert('hub_setting', { name: 'demo', value: '1' }));
    const inForce = () => kit.readModel.run((tx) => kit.listBook.versions(tx, kit.clock.now()));
    const start = async () => {
      await kit.atStart.onApplicationBootstrap();
      return inForce();
    };
    const each = await Promise.all([start(), start(), start()]);
    for (const versions of each) expect(versions).toEqual({ units: 1, catalogue: 1, duties: 1, standards: 1 });
    await kit.close();
  });
});

describe('the demo district', () => {
  let kit: ListKit;
  beforeAll(async () => {
    kit = await openListKit();
    await seedDemoLists(kit.listImport, 'config');
  });
  afterAll(() => kit.close());

  const suggest = (catalogCode: string, areaCode: string | null, visitedUnitIds: string[] = []) =>
    kit.readModel.run((tx) => kit.listBook.suggest(tx, kit.clock.now(), { catalogCode, areaCode, visitedUnitIds }));

  it('its lists hold, and a second seeding changes nothing', async () => {
    await seedDemoLists(kit.listImport, 'config');
    expect(await kit.readModel.run((tx) => kit.listBook.versions(tx, kit.clock.now()))).toEqual({
      units: 1,
      catalogue: 1,
      duties: 1,
      standards: 1,
    });
  });

  it('[DI5] stalls on the pavement go straight to the street’s own office', async () => {
    expect(await suggest('010101', 'SF-DC-1')).toMatchObject({
      unitId: 'dc-cityworks',
      confidence: 1,
      sentence: '按职责清单第1版：“占道经营”在东城街道由东城街道城市管理办公室负责（依据：街道职责清单：市容秩序）。',
    });
    expect(await suggest('010101', null)).toMatchObject({ unitId: 'cityworks' });
  });

  it('[DI7] noise of neighbours goes to the police, who mostly proved right', async () => {
    expect(await suggest('020102', 'SF-XC-1')).toMatchObject({ unitId: 'police', confidence: 0.7 });
  });

  it('[LI2] a matter without a rule of its own follows the wider one, with less confidence', async () => {
    expect(await suggest('010105', 'SF-DC-1')).toMatchObject({ unitId: 'cityworks', confidence: 0.7 });
  });

  it('[T12] a matter on no list falls to the street, for a person to look at', async () => {
    expect(await suggest('090101', 'SF-BH-2')).toMatchObject({ unitId: 'beihu', source: 'fallback_unit' });
    expect(await suggest('090101', null)).toBeUndefined();
  });

  it('[LI4] the street’s own limit lies within the band; a mandatory one holds everywhere', async () => {
    const limitOf = (code: string, area: string) =>
      kit.readModel.run((tx) => kit.listBook.standardFor(tx, kit.clock.now(), code, area, null));
    expect(await limitOf('010101', 'SF-DC-2')).toMatchObject({ limit: 2 });
    expect(await limitOf('010101', 'SF-XC-2')).toMatchObject({ limit: 3 });
    expect(await limitOf('010201', 'SF-DC-2')).toMatchObject({ limit: 1, bindingness: 'mandatory' });
  });
});
