import { randomUUID } from 'node:crypto';
import type { PlacingLine } from '../event-log/placing-line.js';
import type { WakeUp } from '../event-log/wake-up.js';
import { DATABASE_NOW as NOW } from '../storage/shared-time.js';
import type { ReadTx } from '../storage/unit-of-work.js';
import { ActsElsewhere, type ToldActs } from './acts-elsewhere.js';

/** What nobody asked for is told so often: a node that no words reach is late by no more. */
const TELL_EVERY_MS = 500;
/** A node that says nothing for so long is down, and nothing of it under way: it is not waited for. */
const SILENT_AFTER_MS = 1_500;
/** Many clocks ask together. */
const ASK_EVERY_MS = 20;

const TELL = `INSERT INTO node_acts (node_id, told_at, up_to, first_acts) VALUES (?, ${NOW}, ?, ?)
  ON DUPLICATE KEY UPDATE told_at = VALUES(told_at), up_to = VALUES(up_to), first_acts = VALUES(first_acts)`;
const TOLD = `SELECT up_to, first_acts FROM node_acts WHERE node_id <> ? AND told_at > ${NOW} - ${SILENT_AFTER_MS}`;
const FORGET_SILENT = `DELETE FROM node_acts WHERE told_at < ${NOW} - 100 * ${SILENT_AFTER_MS}`;

/**
 * Each node has one row, which says what is under way there: written twice a second, and at once when another one asks.
 * Written on a line of its own, because a node that is short of connections has most under way.
 */
export class ActsOfNodes extends ActsElsewhere {
  readonly inOrder = false;
  private readonly node = randomUUID();
  private here: (() => ToldActs) | undefined;
  private timer: NodeJS.Timeout | undefined;
  private asking: NodeJS.Timeout | undefined;
  private telling: Promise<void> | undefined;
  private wanted = false;

  constructor(
    private readonly line: PlacingLine,
    private readonly wakeUp: WakeUp,
  ) {
    super();
  }

  async begin(here: () => ToldActs, onTold: () => void): Promise<void> {
    this.here = here;
    await this.line.send([[FORGET_SILENT]]);
    await this.write();
    this.wakeUp.onWord((word, from) => {
      if (from === this.node) return;
      if (word === 'due') this.tell();
      else if (word === 'told') onTold();
    });
    this.timer = setInterval(() => {
      this.tell();
      // One that has become silent tells nothing.
      onTold();
    }, TELL_EVERY_MS);
  }

  async told(tx: ReadTx): Promise<ToldActs[]> {
    const rows = await tx.all<{ up_to: number; first_acts: string }>(TOLD, [this.node]);
    return rows.map(({ up_to, first_acts }) => ({
      upTo: up_to,
      first: JSON.parse(first_acts) as ToldActs['first'],
    }));
  }

  ask(): void {
    this.asking ??= setTimeout(() => {
      this.asking = undefined;
      this.wakeUp.call('due', this.node);
    }, ASK_EVERY_MS);
  }

  /** Nobody waits for a node that has said goodbye. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    clearTimeout(this.asking);
    await this.telling;
    const began = this.here !== undefined;
    this.here = undefined;
    // Where that cannot be said any more, the others find it silent.
    if (began) await this.line.send([['DELETE FROM node_acts WHERE node_id = ?', this.node]]).catch(() => undefined);
    this.line.close();
  }

  private tell(): void {
    this.wanted = true;
    this.telling ??= this.tellAll();
  }

  private async tellAll(): Promise<void> {
    while (this.wanted) {
      this.wanted = false;
      // What could not be told now is told in half a second.
      const told = await this.write().catch(() => false);
      if (told) this.wakeUp.call('told', this.node);
    }
    this.telling = undefined;
  }

  private async write(): Promise<boolean> {
    if (!this.here) return false;
    const { upTo, first } = this.here();
    await this.line.send([[TELL, this.node, upTo, JSON.stringify(first)]]);
    return true;
  }
}
