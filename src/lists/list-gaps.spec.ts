import type { Card, CardKey } from '@minqing-hub/client-sdk/protocol';
import type { CommandContext } from '../commands/command-handler.js';
import { asSeenIn } from '../event-log/logged-event.js';
import { SYSTEM } from '../identity/actor.js';
import { LIST_ADMIN, type ListKit, openListKit } from '../../test/support/list-kit.js';
import { ListGaps } from './list-gaps.js';
import { OpenListGap } from './open-list-gap.js';
import { SettleListGap } from './settle-list-gap.js';

const WORK_ORDER = {
  request_no: 'SQ1',
  version: 1,
  state: 'pending_dispatch',
  visibility: 'confidential',
  kind: 'complaint',
  grade: 'normal',
  channel: '12345',
  catalog_code: '0101',
  unit_id: null,
  area_code: 'C',
  registered_at: 0,
  body: '{}',
};

describe('list gaps', () => {
  let kit: ListKit;
  let gaps: ListGaps;
  let commands = 0;
  beforeEach(async () => {
    kit = await openListKit();
    gaps = new ListGaps();
  });
  afterEach(() => kit.close());

  const inContext = <T>(actor: CommandContext['actor'], work: (context: CommandContext) => Promise<T>) =>
    kit.unitOfWork.run((tx) => {
      const now = kit.clock.now();
      const origin = { actorId: actor.userId, commandId: `command-${++commands}`, causationId: null, recordedAt: now };
      return work({ tx, actor, now, origin, repeated: false });
    });

  const open = async (
    orderNo: string,
    catalogCode: string | null,
    areaCode: string | null,
    cause: 'no_duty_rule' | 'objection_upheld' = 'no_duty_rule',
  ) => {
    const answer = await inContext(SYSTEM, (context) =>
      new OpenListGap(gaps, kit.eventLog).handle({ orderNo, catalogCode, areaCode, cause }, context),
    );
    if (!answer.ok) throw new Error(answer.error.code);
    return answer.value.gapId;
  };
  const settle = (gapId: string) =>
    inContext(LIST_ADMIN, (context) =>
      new SettleListGap(gaps, kit.eventLog).handle({ gapId, note: '职责清单第4版已补' }, context),
    );

  async function room(): Promise<Record<CardKey, Card>> {
    await kit.placing.settled();
    const { head } = await kit.reader.roomHead('lists');
    const cards: Record<string, Card> = {};
    for (const { event } of await kit.reader.ofRoom('lists', 0, head, 1_000)) {
      const change = asSeenIn(event, 'lists').data.card!;
      if (change.op === 'enter') cards[change.key] = change.card;
      else if (change.op === 'gone') delete cards[change.key];
      else cards[change.key] = { ...cards[change.key]!, ...change.fields } as Card;
    }
    return cards;
  }

  it('[T10] only the hub itself opens gaps; their owner settles them', () => {
    expect(new OpenListGap(gaps, kit.eventLog).who).toEqual(['system']);
    expect(new SettleListGap(gaps, kit.eventLog).who).toEqual(['list_admin']);
  });

  it('[T10] one open gap for each matter, area and cause; a second order joins it, the same order once', async () => {
    const first = await open('GD1', '0101', 'C');
    expect(await open('GD2', '0101', 'C')).toBe(first);
    expect(await open('GD2', '0101', 'C')).toBe(first);
    const others = [
      await open('GD3', '0101', 'S'),
      await open('GD4', '0101', 'C', 'objection_upheld'),
      await open('GD5', null, null),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
    expect(await room()).toMatchObject({
      [`gap:${first}`]: {
        gapId: first,
        orderNo: 'GD1',
        orderCount: 2,
        catalogCode: '0101',
        areaCode: 'C',
        cause: 'no_duty_rule',
        openedAt: kit.clock.now(),
      },
    });
    expect(Object.keys(await room())).toHaveLength(4);
    expect(await kit.readModel.run(async (tx) => gaps.shown(tx, (await gaps.find(tx, first))!))).toMatchObject({
      orderNos: ['GD1', 'GD2'],
    });
  });

  it('[T10] settling takes the card out of the room, keeps who and why in its row, and lets the same gap open anew', async () => {
    const gapId = await open('GD1', '0101', 'C');
    kit.clock.advance(5_000);
    expect(await settle(gapId)).toEqual({ ok: true, value: { gapId } });
    expect(await room()).toEqual({});
    expect(await kit.readModel.run((tx) => gaps.find(tx, gapId))).toMatchObject({
      settledAt: kit.clock.now(),
      settledBy: 'listadmin',
      note: '职责清单第4版已补',
    });
    const { head } = await kit.reader.roomHead('lists');
    expect(JSON.stringify(await kit.reader.ofRoom('lists', 0, head, 100))).not.toContain('职责清单第4版已补');
    expect(await open('GD2', '0101', 'C')).not.toBe(gapId);
    expect(await kit.readModel.run((tx) => gaps.openOnes(tx))).toHaveLength(1);
  });

  it('[DG4] a confidential order counts in a gap and is not named, nor is what it is about', async () => {
    await kit.unitOfWork.run((tx) => tx.insert('work_order', { ...WORK_ORDER, order_no: 'GD1' }));
    const gapId = await open('GD1', '0101', 'C');
    const unnamed = { gapId, orderNo: null, catalogCode: null, areaCode: null, orderCount: 1 };
    expect(await room()).toMatchObject({ [`gap:${gapId}`]: unnamed });
    const listed = () => kit.readModel.run(async (tx) => gaps.shown(tx, (await gaps.openOnes(tx))[0]!));
    expect(await listed()).toMatchObject({ ...unnamed, orderNos: [] });

    // Another order asks the same openly.
    expect(await open('GD2', '0101', 'C')).toBe(gapId);
    const named = { orderNo: 'GD2', catalogCode: '0101', areaCode: 'C', orderCount: 2 };
    expect(await room()).toMatchObject({ [`gap:${gapId}`]: named });
    expect(await listed()).toMatchObject({ ...named, orderNos: ['GD2'] });
    const { head } = await kit.reader.roomHead('lists');
    expect(JSON.stringify(await kit.reader.ofRoom('lists', 0, head, 100))).not.toContain('GD1');
  });

  it('[T10] a gap that is not there, or settled already, is refused', async () => {
    expect(await settle('nothing')).toMatchObject({ ok: false, error: { code: 'gap_not_found' } });
    const gapId = await open('GD1', null, null);
    await settle(gapId);
    expect(await settle(gapId)).toMatchObject({ ok: false, error: { code: 'gap_already_settled' } });
  });
});
