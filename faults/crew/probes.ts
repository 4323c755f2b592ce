import { newCommandId } from '@minqing-hub/client-sdk';
import type { RawConsole } from '../consoles/raw-console.js';
import { type Flow, Habits } from './flow.js';

const request = (more: object = {}): Record<string, unknown> => ({
  channel: '12345',
  title: '路面破损',
  text: '人行道地砖松动',
  kind: 'resolution',
  grade: 'fast',
  requester: { name: '来电人', phone: '13900000000' },
  ...more,
});
/** A log that never was, and a place that no room has come to. */
const ODD = [{ epoch: 'no-such-log', offset: 0 }, { offset: 1_000_000_000 }];

/** What programs do that were cut off, made a mistake, or try what is not theirs. */
export class Probes {
  private readonly habits: Habits;
  /** Sent before a cut, perhaps: asked again later. */
  private readonly again: { name: string; payload: Record<string, unknown>; commandId: string }[] = [];

  constructor(
    private readonly flow: Flow,
    private readonly agent: RawConsole,
    private readonly handler: { console: RawConsole; unitId: string },
    private readonly watcher: RawConsole,
    /** Consoles and rooms that are not for them. */
    private readonly barred: readonly { console: RawConsole; room: string }[],
  ) {
    this.habits = new Habits(flow, 'probes');
  }

  async step(): Promise<void> {
    await this.habits.think();
    await this.habits.oneOf([
      () => this.twiceAtOnce(),
      () => this.twiceAtOnce(),
      () => this.progressTwice(),
      () => this.onceMore(),
      () => this.otherPayload(),
      () => this.outOfFormFirst(),
      () => this.sameSource(),
      () => this.knock(),
    ])();
  }

  private async twiceAtOnce(): Promise<void> {
    const command = { name: 'register', payload: request(), commandId: newCommandId() };
    this.again.push(command);
    await Promise.all([this.send(this.agent, command), this.send(this.agent, command)]);
  }

  private async progressTwice(): Promise<void> {
    const { console, unitId } = this.handler;
    const order = this.flow.handled.findLast((one) => one.unitId === unitId);
    if (!order) return;
    const payload = { orderNo: order.orderNo, text: '正在办理', public: true };
    const command = { name: 'addProgress', payload, commandId: newCommandId() };
    await Promise.all([this.send(console, command), this.send(console, command)]);
  }

  private async onceMore(): Promise<void> {
    const command = this.again.length > 0 ? this.habits.oneOf(this.again) : undefined;
    if (command) await this.send(this.agent, command);
  }

  private async otherPayload(): Promise<void> {
    const command = this.again.at(-1);
    if (command) await this.send(this.agent, { ...command, payload: request({ title: '另一件事' }) });
  }

  private async outOfFormFirst(): Promise<void> {
    const commandId = newCommandId();
    await this.agent.command('register', request({ kind: 'no such kind' }), { commandId, malformed: true });
    await this.agent.command('register', request(), { commandId });
  }

  private async sameSource(): Promise<void> {
    const payload = request({ source: 'faults', sourceId: newCommandId() });
    await this.send(this.agent, { name: 'register', payload, commandId: newCommandId() });
    await this.send(this.agent, { name: 'register', payload, commandId: newCommandId() });
  }

  /** By itself: it takes a while until the next event shows what came of it. */
  async odd(): Promise<void> {
    for (const place of ODD) {
      await this.habits.think(8);
      this.watcher.askOddly('desk:city', place);
    }
  }

  private knock(): Promise<void> {
    const { console, room } = this.habits.oneOf(this.barred);
    console.enter(room, { barred: true });
    return Promise.resolve();
  }

  private async send(
    console: RawConsole,
    { name, payload, commandId }: { name: string; payload: Record<string, unknown>; commandId: string },
  ): Promise<void> {
    await console.command(name, payload, { commandId });
  }
}
