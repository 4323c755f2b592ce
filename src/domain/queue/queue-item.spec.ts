import { waitingItem } from '../../../test/support/queue-items.js';
import { itemMoves, type QueueItem } from './queue-item.js';

const waiting = waitingItem();
const offered = itemMoves.offer(waiting, { seatId: 'S1', offerId: 'o1', endsAt: 16_000 })!;
const claimed = itemMoves.claim(offered, 'S1', 9_000)!;
const finished = itemMoves.finish(claimed)!;
const byState: QueueItem[] = [waiting, offered, claimed, finished];

describe('what happens to a queue item', () => {
  it('[QS3] goes from state to state as the table says, and no other way', () => {
    const moves: Record<string, (item: QueueItem) => QueueItem | undefined> = {
      offer: (item) => itemMoves.offer(item, { seatId: 'S2', offerId: 'o2', endsAt: 1 }),
      'claim by its seat': (item) => itemMoves.claim(item, 'S1', 2),
      'claim by another': (item) => itemMoves.claim(item, 'S2', 2),
      'hand over': (item) => itemMoves.handOver(item, 'S2', 2),
      'give back': (item) => itemMoves.giveBack(item, 2),
      expire: itemMoves.expire,
      finish: itemMoves.finish,
    };
    const table = Object.fromEntries(
      Object.entries(moves).map(([name, move]) => [name, byState.map((item) => move(item)?.state ?? '–').join(' ')]),
    );
    //                     queued  offered claimed done
    expect(table).toEqual({
      offer: 'offered – – –',
      'claim by its seat': 'claimed claimed – –',
      'claim by another': 'claimed – – –',
      'hand over': '– – claimed –',
      'give back': '– queued queued –',
      expire: '– queued – –',
      finish: 'done done done –',
    });
  });

  it('[QS1] [CK10] is due anew, or turns at another time, until it is done', () => {
    const due = { dueAt: 9_000, amberAt: 8_000, overdueAt: 9_000 };
    const held = { ...claimed, ...due };
    expect(itemMoves.redue(held, { ...due, dueOrder: 1 })).toBeUndefined();
    for (const other of [{ dueAt: 9_500 }, { amberAt: null }, { overdueAt: 9_001 }]) {
      const redue = { ...due, ...other, dueOrder: 1 };
      expect(itemMoves.redue(held, redue)).toEqual({ ...held, ...redue });
      expect(itemMoves.redue({ ...finished, ...due }, redue)).toBeUndefined();
    }
  });

  it('[QS2] gives back to the head with its age kept; [QS5] expires to its place, and remembers for whom', () => {
    expect(itemMoves.giveBack(claimed, 9_500)).toEqual({
      ...waiting,
      atHead: true,
      givenUpBy: 'S1',
      givenUpAt: 9_500,
    });
    expect(itemMoves.expire(offered)).toEqual({ ...waiting, expiredSeatId: 'S1' });
  });

  it('[QS3] has a seat exactly while it is offered or claimed, and an offer only while it is offered', () => {
    expect([waiting, offered, claimed].map(({ seatId }) => seatId)).toEqual([null, 'S1', 'S1']);
    expect([waiting, offered, claimed].map(({ offerId }) => offerId)).toEqual([null, 'o1', null]);
    expect([waiting, offered, claimed].map(({ offerEndsAt }) => offerEndsAt)).toEqual([null, 16_000, null]);
  });

  it('[RT8] forgets who gave it up, and says since when it is in hand, once a seat claims it', () => {
    const given = itemMoves.giveBack(claimed, 9_500)!;
    expect(itemMoves.claim(given, 'S2', 9_900)).toMatchObject({ givenUpBy: null, givenUpAt: null, claimedAt: 9_900 });
    expect(itemMoves.handOver(claimed, 'S2', 9_900)).toMatchObject({ seatId: 'S2', claimedAt: 9_900 });
    expect([waiting, offered, claimed, finished, given].map(({ claimedAt }) => claimedAt)).toEqual([
      null,
      null,
      9_000,
      9_000,
      null,
    ]);
  });
});
