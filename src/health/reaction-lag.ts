import { Inject, Injectable, Optional } from '@nestjs/common';
import { Reactions } from '../event-log/reactions.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { Standing, steadyNow } from './standing.js';

/** A reaction's place is kept at each event that concerns it, and of the others when they are many: so far is no delay. */
const USUAL_EVENTS = 5_000;

export interface Behind {
  /** Of the log, behind the place that is kept, whichever node keeps it. */
  events: number;
  /** For so long this node has been at the same events for it; 0 where another node follows the log up. */
  heldUpSeconds: number;
  /** For so long it has not done what it should: it is held up, or far behind. */
  lateSeconds: number;
}

/** How far each reaction is behind the log. */
@Injectable()
export class ReactionLag {
  private readonly far = new Map<string, Standing<'far'>>();

  constructor(
    private readonly readModel: ReadModel,
    @Inject(Reactions) private readonly reactions: Pick<Reactions, 'following'>,
    @Optional() private readonly steady: () => number = steadyNow,
  ) {}

  /** By the reaction's name. */
  async measure(): Promise<Map<string, Behind>> {
    const { head, places } = await this.readModel.run(async (tx) => ({
      head: (await tx.one<{ seq: number }>('SELECT seq FROM log_head WHERE id = 1'))?.seq ?? 0,
      places: new Map(
        (await tx.all<{ name: string; seq: number }>('SELECT name, seq FROM consumer')).map(({ name, seq }) => [
          name,
          seq,
        ]),
      ),
    }));
    return new Map(
      this.reactions.following.map(({ name, heldUpMs }) => {
        const events = Math.max(0, head - (places.get(name) ?? 0));
        const heldUpSeconds = heldUpMs / 1_000;
        const farSeconds = this.farOf(name).seconds(events > USUAL_EVENTS ? 'far' : undefined);
        return [name, { events, heldUpSeconds, lateSeconds: Math.max(heldUpSeconds, farSeconds) }];
      }),
    );
  }

  private farOf(name: string): Standing<'far'> {
    const standing = this.far.get(name) ?? new Standing<'far'>(this.steady);
    this.far.set(name, standing);
    return standing;
  }
}
