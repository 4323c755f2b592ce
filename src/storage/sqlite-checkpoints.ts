import { Logger } from '@nestjs/common';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';

/** Some 1,000 pages of the WAL: a quarter of what the writer would bring over by itself. */
const COMMITS_BETWEEN = 32;
const DRIVER = createRequire(import.meta.url).resolve('better-sqlite3');

/** All that the thread does: it has nothing of the hub's but the file. */
const IN_THE_THREAD = `
  const { parentPort, workerData } = require('node:worker_threads');
  const database = new (require(workerData.driver))(workerData.file, { fileMustExist: true });
  database.pragma('synchronous = FULL');
  parentPort.on('message', (word) => {
    if (word === 'end') {
      database.close();
      return parentPort.close();
    }
    try {
      database.pragma('wal_checkpoint(PASSIVE)');
    } catch {
      // A full disk, say: the writer meets it, too, and tells of it.
    }
  });
`;

/**
 * Brings what was committed from the WAL into the database's file, in a thread of its own that waits for the disk in the
 * place of the commands. The writer, whose last resort it stays, finds little left to do. Nothing depends on it: without
 * the thread the writer does all of it.
 */
export class SqliteCheckpoints {
  private readonly log = new Logger('SqliteCheckpoints');
  private commits = 0;
  private thread: Worker | undefined;
  private ended: Promise<unknown> = Promise.resolve();

  constructor(private readonly file: string) {}

  committed(): void {
    this.commits += 1;
    if (this.commits % COMMITS_BETWEEN !== 0) return;
    // Most stores of tests never come so far.
    this.thread ??= this.begun();
    this.thread.postMessage('bring over');
  }

  /** Before the writer is closed: the last connection that goes takes the WAL along. */
  async close(): Promise<void> {
    // Where nothing else is left to be done the process would end before.
    this.thread?.ref();
    this.thread?.postMessage('end');
    await this.ended;
  }

  private begun(): Worker {
    const thread = new Worker(IN_THE_THREAD, { eval: true, workerData: { driver: DRIVER, file: this.file } });
    this.ended = new Promise((resolve) => thread.once('exit', resolve));
    thread.on('error', (error) => this.log.error('the thread of checkpoints has ended; the writer makes them', error));
    thread.unref();
    return thread;
  }
}
