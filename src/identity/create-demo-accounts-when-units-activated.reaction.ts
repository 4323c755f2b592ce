import { Clock } from '../config/clock.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { ListBook } from '../lists/list-book.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { UNITS_PER_COMMAND } from './commands/create-demo-accounts.js';
import { HubSettings } from './hub-settings.js';

/** New units of a demo database get their accounts. */
@Reacts('create-demo-accounts-when-units-activated')
export class CreateDemoAccountsWhenUnitsActivated extends Reaction {
  readonly on = ['lists.activated'] as const;

  constructor(
    private readonly readModel: ReadModel,
    private readonly lists: ListBook,
    private readonly hubSettings: HubSettings,
    private readonly clock: Clock,
  ) {
    super();
  }

  async commandsFor(event: LoggedEvent): Promise<ReactionCommand[]> {
    if (event.data.list !== 'units') return [];
    const unitIds = await this.readModel.run(async (tx) => {
      if ((await this.hubSettings.get(tx, 'demo')) !== '1') return [];
      const units = await this.lists.units(tx, this.clock.now());
      return units.all().flatMap((unit) => (unit.active ? [unit.unitId] : []));
    });
    return Array.from({ length: Math.ceil(unitIds.length / UNITS_PER_COMMAND) }, (_, i) => ({
      name: 'createDemoAccounts',
      payload: { unitIds: unitIds.slice(i * UNITS_PER_COMMAND, (i + 1) * UNITS_PER_COMMAND) },
    }));
  }
}
