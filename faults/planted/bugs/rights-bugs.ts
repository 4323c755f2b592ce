import { EventLog, type NewEvent, type Origin } from '../../../src/event-log/event-log.js';
import { LogReader, type RoomState } from '../../../src/event-log/log-reader.js';
import type { Actor } from '../../../src/identity/actor.js';
import { People } from '../../../src/identity/people.js';
import { Rooms } from '../../../src/realtime/rooms.js';
import { WhoStays } from '../../../src/realtime/who-stays.js';
import type { ReadTx, Tx } from '../../../src/storage/unit-of-work.js';
import { plantIn } from '../plant.js';

export const RIGHTS_BUGS = {
  'rights-cached-in-push': () => {
    plantIn<WhoStays, unknown[], Promise<void>>(WhoStays, 'applyRights', () => Promise.resolve());
  },
  'rights-cached-in-commands': () => {
    const known = new Map<string, Actor | undefined>();
    plantIn<People, [ReadTx, string], Promise<Actor | undefined>>(People, 'actor', async (right, _self, tx, userId) => {
      if (!known.has(userId)) known.set(userId, await right(tx, userId));
      return known.get(userId);
    });
  },
  'doors-open': () => {
    plantIn<Rooms, unknown[], Promise<boolean>>(Rooms, 'mayEnter', () => Promise.resolve(true));
  },
  'masked-in-log-only': () => {
    plantIn<LogReader, [string], Promise<RoomState>>(LogReader, 'roomState', async (right, _self, room) => {
      const state = await right(room);
      for (const card of Object.values(state.cards) as { visibility?: string; kind?: string }[]) {
        if (card.visibility === 'confidential') card.kind ??= 'complaint';
      }
      return state;
    });
  },
  'masked-nowhere': () => {
    plantIn<EventLog, [Tx, Origin, readonly NewEvent[]], Promise<string[]>>(
      EventLog,
      'append',
      (right, _self, tx, origin, events) =>
        right(
          tx,
          origin,
          events.map((event) => ({
            ...event,
            rooms: Object.fromEntries(Object.keys(event.rooms).map((room) => [room, 'full' as const])),
          })),
        ),
    );
  },
};
