import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SeatCard } from '@minqing-hub/client-sdk/protocol';
import { exampleSeat } from '../../client-sdk/src/testing/example-cards.js';
import { behindItsBack } from '../../test/support/behind-its-back.js';
import { openTestStore, type TestStore } from '../../test/support/store.js';
import type { View } from '../domain/access/audience.js';
import { appendHead, LOG_HEADS_FILE, readHeads } from './log-heads.js';
import { verifyLog } from './verify-log.js';

let store: TestStore;

const seat = (seatId: string, fields: Partial<SeatCard> = {}) =>
  exampleSeat({ seatId, userId: `user-${seatId}`, presence: 'offline', presenceSince: 0, ...fields });

/** One event about a seat, as a command would append it. */
async function tell(seatId: string, fields: Partial<SeatCard>, rooms: Record<string, View>): Promise<void> {
  await store.unitOfWork.run((tx) =>
    store.eventLog.append(tx, { actorId: 'system', commandId: 'c', causationId: null, recordedAt: 1 }, [
      {
        subject: `seat:${seatId}`,
        type: 'seat.presence_changed',
        at: 1,
        version: null,
        data: { seatId },
        card: seat(seatId, fields),
        rooms,
      },
    ]),
  );
  await store.placing.settled();
}

const verify = () => verifyLog(store.readModel, 'test audit key');
const kinds = async () => [...new Set((await verify()).first.map(({ kind }) => kind))].sort();

beforeEach(async () => {
  store = await openTestStore();
  for (const seatId of ['001', '002', '003']) await tell(seatId, {}, { [`seat:${seatId}`]: 'full', floor: 'full' });
  await tell('001', { presence: 'ready' }, { 'seat:001': 'full', floor: 'full' });
  await tell('001', { presence: 'busy' }, { 'seat:001': 'full' });
  await tell('003', {}, {});
});
afterEach(() => store.close());

describe('verifyLog', () => {
  it('[I2] [I8] finds nothing in a log that nobody touched, and counts what it read', async () => {
    const shares: number[] = [];
    const report = await verifyLog(store.readModel, 'test audit key', (share) => shares.push(share));
    expect(report).toMatchObject({ events: 6, rooms: 4, cards: 2, findings: 0, first: [] });
    expect(shares.at(-1)).toBe(1);
  });

  it('reads an empty log', async () => {
    const empty = await openTestStore();
    expect(await verifyLog(empty.readModel, 'any')).toMatchObject({ events: 0, findings: 0 });
    await empty.close();
  });

  it.each([[2], [4], [7]])(
    'takes a delivery index that begins at place %i for forgotten, not for lost',
    async (from) => {
      await behindItsBack(store.place, `DELETE FROM room_event WHERE seq < ${from}`);
      expect(await verify()).toMatchObject({ findings: 0, events: 6 });
    },
  );

  it.each([
    ['an event’s data', "UPDATE event SET data = '{}' WHERE id = 2", ['hash']],
    ['who did it', "UPDATE event SET actor_id = 'somebody' WHERE id = 2", ['hash']],
    ['the log’s head', "UPDATE log_head SET hash = 'x'", ['hash']],
    ['a card', `UPDATE card SET body = '{"seatId":"001"}' WHERE card_key = 'seat:001'`, ['card']],
    ['a room’s right to a card', "DELETE FROM room_card WHERE room = 'seat:001'", ['card']],
    ['how much a room sees', "UPDATE room_card SET view = 'stub' WHERE room = 'floor'", ['card']],
    ['a card that no event tells of', "INSERT INTO card VALUES ('seat:009', '{}')", ['card']],
    ['a room’s head', "UPDATE room_head SET head = 9 WHERE room = 'floor'", ['offset']],
    ['a room’s last event', 'DELETE FROM room_event WHERE seq = 3', ['offset']],
    ['a place', 'DELETE FROM event_place WHERE seq = 3', ['hash', 'place']],
    ['an event', 'DELETE FROM event WHERE id = 5', ['card', 'place']],
    [
      'the order of two events',
      'UPDATE event_place SET event_row = -event_row WHERE seq IN (3, 5); UPDATE event_place SET event_row = 8 + event_row WHERE seq IN (3, 5)',
      ['hash'],
    ],
  ])('[I8] finds a change of %s', async (_what, sql, expected) => {
    await behindItsBack(store.place, sql);
    expect(await kinds()).toEqual(expect.arrayContaining(expected));
  });

  describe('against what was written down of it elsewhere', () => {
    const verifyWith = () => verifyLog(store.readModel, 'test audit key', () => {}, readHeads(store.folder));
    /** As somebody does it who has the whole database, but not the key. */
    const cutOff = (kept: number) =>
      behindItsBack(
        store.place,
        `
        DELETE FROM event WHERE id > ${kept}; DELETE FROM event_place WHERE seq > ${kept};
        DELETE FROM room_event WHERE seq > ${kept};
        UPDATE log_head SET seq = ${kept}, last_row = ${kept}, hash = (SELECT hash FROM event_place WHERE seq = ${kept});
        UPDATE room_head SET head = (SELECT MAX(room_offset) FROM room_event r WHERE r.room = room_head.room);
        UPDATE card SET body = (SELECT e.card FROM event e WHERE e.subject = card_key ORDER BY e.id DESC LIMIT 1);
        INSERT INTO room_card SELECT 'floor', 'seat:001', 'full' WHERE NOT EXISTS
          (SELECT 1 FROM room_card WHERE room = 'floor' AND card_key = 'seat:001')`,
      );
    async function writeDown(more: object = {}): Promise<void> {
      const head = await store.readModel.run((tx) =>
        tx.one<{ epoch: string; seq: number; hash: string }>('SELECT epoch, seq, hash FROM log_head'),
      );
      appendHead(store.folder, { at: 1, ...head!, ...more });
    }

    it('[I8] finds nothing in a log that went on', async () => {
      await writeDown();
      await tell('002', { presence: 'ready' }, { 'seat:002': 'full' });
      await writeDown();
      expect(await verifyWith()).toMatchObject({ findings: 0 });
    });

    it('[I8] finds an end that was cut off with everything set back to fit', async () => {
      await writeDown();
      await cutOff(4);
      expect((await verify()).first.filter(({ kind }) => kind === 'place' || kind === 'hash')).toEqual([]);
      const found = (await verifyWith()).first.filter(({ kind }) => kind === 'head');
      expect(found.map(({ sentence }) => sentence).join()).toContain('日志被截短过');
      await tell('002', { presence: 'ready' }, { 'seat:002': 'full' });
      await tell('002', { presence: 'busy' }, { 'seat:002': 'full' });
      expect((await verifyWith()).first.map(({ sentence }) => sentence).join()).toContain('被改动过');
    });

    it('[I8] lets a restore leave out what came after its backup, and only that', async () => {
      await writeDown();
      await cutOff(4);
      await writeDown({ restored: true });
      expect((await verifyWith()).first.filter(({ kind }) => kind === 'head')).toEqual([]);
      await tell('002', { presence: 'ready' }, { 'seat:002': 'full' });
      await writeDown();
      await cutOff(4);
      expect((await verifyWith()).first.filter(({ kind }) => kind === 'head')).toHaveLength(1);
    });

    it('[I8] only ever adds to them: another node may write into the same file at the same time', async () => {
      const file = join(store.folder, LOG_HEADS_FILE);
      await writeDown();
      appendFileSync(file, '{"cut');
      // Another node has seen how the last line ends, and writes its own a moment later.
      const before = readFileSync(file, 'utf8');
      await writeDown();
      expect(readFileSync(file, 'utf8').startsWith(before)).toBe(true);
      appendFileSync(file, ' #cut off\n');
      await writeDown();
      expect(readHeads(store.folder)).toHaveLength(3);
      expect(await verifyWith()).toMatchObject({ findings: 0 });
    });

    it('[I8] takes a line that power was lost over for one that was never written', async () => {
      await writeDown();
      appendFileSync(join(store.folder, LOG_HEADS_FILE), '{"at":1,"epo');
      expect(readHeads(store.folder)).toHaveLength(1);
      await writeDown();
      expect(readHeads(store.folder)).toHaveLength(2);
      expect(await verifyWith()).toMatchObject({ findings: 0 });
      appendFileSync(join(store.folder, LOG_HEADS_FILE), 'x\n');
      expect((await verifyWith()).first.map(({ kind }) => kind)).toEqual(['head']);
    });
  });

  it('[I8] cannot be satisfied without the key', async () => {
    expect((await verifyLog(store.readModel, 'another key')).findings).toBe(6);
  });
});
