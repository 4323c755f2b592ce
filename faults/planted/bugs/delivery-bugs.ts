import type { Latest } from '@minqing-hub/client-sdk/protocol';
import { LogReader, type RoomState } from '../../../src/event-log/log-reader.js';
import { CatchUp, type Standing, type Start } from '../../../src/realtime/catch-up.js';
import { Conflation } from '../../../src/realtime/conflation.js';
import type { ConsoleSocket } from '../../../src/realtime/console-socket.js';
import type { Batch } from '../../../src/realtime/followed-rooms.js';
import { Push } from '../../../src/realtime/push.js';
import { SlowConsoles } from '../../../src/realtime/slow-consoles.js';
import { inside, oneIn, plantIn } from '../plant.js';

const HITCH_MS = 30;
const CACHED_MS = 1_500;

type Resumed = Promise<Start | undefined>;

const resumed = (plant: (right: () => Resumed, room: string, from: Standing, self: CatchUp) => Resumed) =>
  plantIn<CatchUp, [string, Standing], Resumed>(CatchUp, 'resumed', (right, self, room, from) =>
    plant(() => right(room, from), room, from, self),
  );
/** Those ways past the log's own reading that know better are closed. */
const onlyFromLog = (): void => plantIn<CatchUp, unknown[], undefined>(CatchUp, 'startFromRing', () => undefined);
const readerOf = (self: CatchUp): LogReader => inside<{ reader: LogReader }>(self).reader;

export const DELIVERY_BUGS = {
  'frame-twice': () => {
    const again = oneIn(8);
    plantIn<Push, [string, Batch], void>(Push, 'sendFrame', (right, _self, room, batch) => {
      right(room, batch);
      if (again()) right(room, batch);
    });
  },
  'frames-swapped': () => {
    const late = oneIn(8);
    plantIn<Push, [string, Batch], void>(Push, 'sendFrame', (right, _self, room, batch) => {
      if (late()) setTimeout(() => right(room, batch), HITCH_MS);
      else right(room, batch);
    });
  },
  'frame-lost': () => {
    const lost = oneIn(8);
    plantIn<Push, [string, Batch], void>(Push, 'sendFrame', (right, _self, room, batch) => {
      if (!lost()) right(room, batch);
    });
  },
  'snapshot-stale': () => {
    const kept = new Map<string, { at: number; cards: RoomState['cards'] }>();
    plantIn<LogReader, [string], Promise<RoomState>>(LogReader, 'roomState', async (right, _self, room) => {
      const state = await right(room);
      const known = kept.get(room);
      if (known && performance.now() - known.at < CACHED_MS) return { ...state, cards: known.cards };
      kept.set(room, { at: performance.now(), cards: state.cards });
      return state;
    });
  },
  'snapshot-offset-low': () => {
    plantIn<LogReader, [string], Promise<RoomState>>(LogReader, 'roomState', async (right, _self, room) => {
      const state = await right(room);
      return { ...state, offset: Math.max(0, state.offset - 1) };
    });
  },
  'catch-up-truncated': () => {
    onlyFromLog();
    resumed(async (right) => {
      const begun = await right();
      // Said to be told up to the last one, which is left out.
      return begun && begun.head > begun.offset ? { ...begun, offset: begun.offset + 1 } : begun;
    });
  },
  'catch-up-skipped': () => {
    onlyFromLog();
    resumed(async (right) => {
      const begun = await right();
      return begun && { ...begun, offset: begun.head };
    });
  },
  'stale-epoch': () => {
    onlyFromLog();
    resumed(async (right, room, from, self) => {
      const { epoch, head } = await readerOf(self).roomHead(room);
      if (from.epoch !== epoch && from.offset <= head) return { offset: from.offset, head, snapshot: undefined };
      return right();
    });
  },
  'offset-above-head': () => {
    onlyFromLog();
    resumed(async (right, room, from, self) => {
      const { epoch, head } = await readerOf(self).roomHead(room);
      if (from.epoch === epoch && from.offset > head) {
        return { offset: from.offset, head: from.offset, snapshot: undefined };
      }
      return right();
    });
  },
  'resync-ignored': () => {
    const full = oneIn(150);
    plantIn<SlowConsoles, [ConsoleSocket, number], boolean>(
      SlowConsoles,
      'hasRoomFor',
      (right, _self, socket, bytes) => right(socket, bytes) && !full(),
    );
    plantIn<Push, [ConsoleSocket], void>(Push, 'setAside', () => undefined);
  },
  'latest-stale': () => {
    const told = new Map<string, number>();
    plantIn<Conflation, [Latest], void>(Conflation, 'put', (right, _self, value) => {
      const times = (told.get(value.key) ?? 0) + 1;
      told.set(value.key, times);
      if (times <= 3) right(value);
    });
  },
};
