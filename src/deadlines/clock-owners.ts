import { Injectable } from '@nestjs/common';
import type { CommandContext } from '../commands/command-handler.js';
import type { ClockChange } from '../domain/clock/clock-change.js';

/** Tells what clocks did by themselves, by subject. */
export type TellClocks = (changes: ReadonlyMap<string, readonly ClockChange[]>) => Promise<void>;

/** Things of one kind that the rule book's clocks run for. */
export interface ClockOwner {
  /** Those of `subjects`, all of its kind, are locked until commit. Answers how to tell what their clocks did. */
  lock(context: CommandContext, subjects: readonly string[]): Promise<TellClocks>;
}

/** Who tells what a clock says: the feature whose thing it runs for, by the first word of the subject. [CK13] */
@Injectable()
export class ClockOwners {
  private readonly owners = new Map<string, ClockOwner>();

  own(kind: 'order' | 'whistle', owner: ClockOwner): void {
    this.owners.set(kind, owner);
  }

  /** Kind by kind in their order, as every command that has several takes them. */
  async lock(context: CommandContext, subjects: readonly string[]): Promise<TellClocks> {
    const tellers: TellClocks[] = [];
    for (const [kind, owner] of [...this.owners].sort(([one], [other]) => (one < other ? -1 : 1))) {
      tellers.push(
        await owner.lock(
          context,
          subjects.filter((subject) => subject.startsWith(`${kind}:`)),
        ),
      );
    }
    return async (changes) => {
      for (const tell of tellers) await tell(changes);
    };
  }
}
