import { type CommandOptions, HubClient, HubTime, newCommandId, type RoomHandle } from '@minqing-hub/client-sdk';
import type { CommandAnswer, CommandName, CommandPayload, RoomName } from '@minqing-hub/client-sdk/protocol';
import type { Recorder } from '../history/recorder.js';
import type { Span } from '../recovery.js';

/** A person's own clock, which somebody sets now and then. */
export class ClientClock {
  private aheadMs = 0;

  readonly time = new HubTime(
    () => performance.now(),
    () => Date.now() + this.aheadMs,
  );

  jump(ms: number): void {
    this.aheadMs += ms;
  }
}

/** A console as the SDK makes it, with everything written down that it asks, and that its stores apply. */
export class RecordedClient extends HubClient {
  readonly watched = new Map<RoomName, RoomHandle>();
  /** From a connection that stands to rooms that are caught up. */
  readonly recoveries: Span[] = [];

  constructor(
    readonly user: string,
    url: string,
    random: () => number,
    readonly clock: ClientClock,
    private readonly recorder: Recorder,
  ) {
    super({ url, random, time: clock.time });
    let backAt: number | undefined;
    // Who comes for the first time does not come back.
    let known = false;
    this.onConnection((connection) => {
      if (connection === 'catching_up') backAt ??= performance.now();
      if (connection === 'offline') backAt = undefined;
      if (connection !== 'live' || backAt === undefined) return;
      if (known) this.recoveries.push({ from: backAt, to: performance.now() });
      known = true;
      backAt = undefined;
    });
  }

  watch(name: RoomName): RoomHandle {
    const known = this.watched.get(name);
    if (known) return known;
    const room = this.room(name);
    this.watched.set(name, room);
    room.onEvent(({ id }, { epoch, offset }) => {
      this.recorder.deliveries += 1;
      this.recorder.add({ kind: 'applied', console: `sdk ${this.user}`, room: name, epoch, offset, id });
    });
    return room;
  }

  override async command<N extends CommandName>(
    name: N,
    payload: CommandPayload<N>,
    { commandId = newCommandId() }: CommandOptions = {},
  ): Promise<CommandAnswer<N>> {
    const call = this.recorder.nextCall();
    const { user } = this;
    this.recorder.add({ kind: 'sent', user, call, name, commandId, payload: payload as Record<string, unknown> });
    const answer = await super.command(name, payload, { commandId });
    const said = answer.ok ? { result: answer.result as Record<string, unknown> } : { code: answer.error.code };
    this.recorder.add({ kind: 'answered', user, call, ...said });
    return answer;
  }
}
