import type { ReadModel, UnitOfWork } from '../../src/storage/unit-of-work.js';

export interface StoreUnderTest {
  unitOfWork: UnitOfWork;
  readModel: ReadModel;
  close(): Promise<void>;
}

const entered = (room: string) => ({ room, head: 1 });

/** What every engine's unit of work and read model promise. Uses the table `room_head` as a place to write. */
export function unitOfWorkContract(open: () => Promise<StoreUnderTest>): void {
  let store: StoreUnderTest;
  const heads = () =>
    store.readModel.run(async (tx) =>
      (await tx.all<{ room: string }>('SELECT room FROM room_head ORDER BY room')).map(({ room }) => room),
    );
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

  beforeEach(async () => {
    store = await open();
  });
  afterEach(() => store.close());

  it('keeps what was written once run resolves', async () => {
    await store.unitOfWork.run((tx) => tx.insert('room_head', entered('a')));
    expect(await heads()).toEqual(['a']);
  });

  it('keeps nothing of work that throws, and throws on', async () => {
    const work = store.unitOfWork.run(async (tx) => {
      await tx.insert('room_head', entered('a'));
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(await heads()).toEqual([]);
  });

  it('does not let work that rolls back take a neighbour with it, however they overlap', async () => {
    const work = (room: string, fails: boolean) =>
      store.unitOfWork.run(async (tx) => {
        await tx.insert('room_head', entered(room));
        await nextTurn(); // give the others a chance to interleave
        await tx.run('UPDATE room_head SET head = 2 WHERE room = ?', [room]);
        if (fails) throw new Error(room);
      });
    const names = Array.from({ length: 120 }, (_, i) => `r${String(i).padStart(3, '0')}`);
    const outcomes = await Promise.allSettled(names.map((name, i) => work(name, i % 3 === 0)));
    const kept = names.filter((_, i) => i % 3 !== 0);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(kept.length);
    expect(await heads()).toEqual(kept);
  });

  it('shows readers nothing that is not committed', async () => {
    let seen: string[] = [];
    await store.unitOfWork.run(async (tx) => {
      await tx.insert('room_head', entered('a'));
      seen = await heads();
    });
    expect(seen).toEqual([]);
    expect(await heads()).toEqual(['a']);
  });

  it('reads one state of the database throughout a run of the read model', async () => {
    const counts: number[] = [];
    const count = 'SELECT COUNT(*) AS n FROM room_head';
    await store.readModel.run(async (tx) => {
      counts.push((await tx.one<{ n: number }>(count))!.n);
      await store.unitOfWork.run((write) => write.insert('room_head', entered('a')));
      counts.push((await tx.one<{ n: number }>(count))!.n);
    });
    expect(counts).toEqual([0, 0]);
  });

  it('undoes nested work alone', async () => {
    await store.unitOfWork.run(async (tx) => {
      await tx.insert('room_head', entered('a'));
      await tx
        .nested(async () => {
          await tx.insert('room_head', entered('b'));
          throw new Error('inner');
        })
        .catch(() => undefined);
      await tx.nested(() => tx.insert('room_head', entered('c')));
    });
    expect(await heads()).toEqual(['a', 'c']);
  });

  it('undoes work nested in nested work, whichever of them wrote', async () => {
    const fails = () => Promise.reject(new Error('on purpose'));
    await store.unitOfWork.run(async (tx) => {
      const nested = (work: () => Promise<unknown>) => tx.nested(work).catch(() => undefined);
      await tx.insert('room_head', entered('a'));
      await nested(async () => {
        await tx.nested(() => tx.insert('room_head', entered('b')));
        await fails();
      });
      await nested(async () => {
        await tx.all('SELECT room FROM room_head');
        await fails();
      });
      await nested(async () => {
        await nested(fails);
        await tx.insert('room_head', entered('c'));
        await nested(async () => {
          await tx.insertMany('room_head', [entered('d')]);
          await fails();
        });
      });
    });
    expect(await heads()).toEqual(['a', 'c']);
  });

  it('answers whether a row was absent, and overwrites on upsert', async () => {
    await store.unitOfWork.run(async (tx) => {
      expect(await tx.insertIfAbsent('room_head', entered('a'))).toBe(true);
      expect(await tx.insertIfAbsent('room_head', { room: 'a', head: 9 })).toBe(false);
      await tx.upsert('room_head', { room: 'a', head: 5 }, ['room']);
      expect(await tx.one('SELECT head FROM room_head WHERE room = ?', ['a'])).toEqual({ head: 5 });
    });
  });

  it('inserts many rows in their order, and none of them where one cannot be', async () => {
    const rooms = Array.from({ length: 450 }, (_, i) => `room '${String(i).padStart(3, '0')}' \\ "?"`);
    await store.unitOfWork.run(async (tx) => {
      await tx.insertMany('room_head', []);
      await tx.insertMany(
        'room_head',
        rooms.map((room, head) => ({ room, head })),
      );
      const stored = await tx.all('SELECT room, head FROM room_head ORDER BY room');
      expect(stored).toEqual(rooms.map((room, head) => ({ room, head })));
    });
    const twice = store.unitOfWork.run((tx) => tx.insertMany('room_head', [entered('a'), entered('b'), entered('a')]));
    expect((await Promise.allSettled([twice]))[0].status).toBe('rejected');
    expect(await heads()).toHaveLength(rooms.length);
  });

  it('runs each step once before a commit, and tells of each commit', async () => {
    let commits = 0;
    let steps = 0;
    store.unitOfWork.onCommit(() => (commits += 1));
    store.unitOfWork.beforeCommit(async (tx) => {
      steps += 1;
      await tx.upsert('room_head', entered(`step ${steps}`), ['room']);
    });
    await store.unitOfWork.run((tx) => tx.insert('room_head', entered('a')));
    expect(commits).toBe(steps);
    expect(await heads()).toContain('a');
    expect(await heads()).toContain('step 1');
  });

  it('tells with each commit which tables rows were inserted into', async () => {
    const told: string[][] = [];
    store.unitOfWork.onCommit((added) => told.push([...added].sort()));
    await store.unitOfWork.run(async (tx) => {
      await tx.insert('room_head', entered('a'));
      await tx.insertMany('consumer', [{ name: 'one', seq: 0 }]);
    });
    await store.unitOfWork.run((tx) => tx.insertIfAbsent('room_head', entered('a')));
    await store.unitOfWork.run((tx) => tx.insertIfAbsent('room_head', entered('b')));
    await store.unitOfWork.run((tx) => tx.all('SELECT room FROM room_head'));
    expect(told).toEqual([['consumer', 'room_head'], [], ['room_head'], []]);
  });

  it('fails every piece of work of a transaction that cannot commit, and goes on after it', async () => {
    let broken = true;
    store.unitOfWork.beforeCommit(async () => {
      if (broken) throw new Error('disk full');
    });
    const outcomes = await Promise.allSettled(
      ['a', 'b'].map((room) => store.unitOfWork.run((tx) => tx.insert('room_head', entered(room)))),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    broken = false;
    await store.unitOfWork.run((tx) => tx.insert('room_head', entered('c')));
    expect(await heads()).toEqual(['c']);
  });

  it('refuses a transaction that is used after its work ended', async () => {
    let leaked: { one(sql: string): Promise<unknown> } | undefined;
    await store.unitOfWork.run(async (tx) => {
      leaked = tx;
    });
    await expect(leaked!.one('SELECT 1')).rejects.toThrow('after its work had ended');
  });
}
