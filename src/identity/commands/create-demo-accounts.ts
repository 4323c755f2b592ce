import { ArrayMaxSize, IsArray, IsString, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Settings } from '../../config/settings.js';
import { ok, type Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { AccountStore } from '../account-store.js';
import { unitAccounts } from '../demo-accounts.js';
import { HubSettings } from '../hub-settings.js';

/** Units for which one command makes accounts: up to six each. */
export const UNITS_PER_COMMAND = 100;

class CreateDemoAccountsPayload {
  @IsArray()
  @ArrayMaxSize(UNITS_PER_COMMAND)
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  unitIds!: string[];
}

/** Accounts for units of a demo database, and of no other. Those that are there stay as they are. [ID7] */
@Handles('createDemoAccounts')
export class CreateDemoAccounts extends CommandHandler<CreateDemoAccountsPayload, { created: number }> {
  readonly payload = CreateDemoAccountsPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly accounts: AccountStore,
    private readonly lists: ListBook,
    private readonly hubSettings: HubSettings,
    private readonly settings: Settings,
  ) {
    super();
  }

  async handle(
    { unitIds }: CreateDemoAccountsPayload,
    { tx, now }: CommandContext,
  ): Promise<Result<{ created: number }>> {
    const hash = await this.hubSettings.get(tx, 'demo.passwordHash');
    const isDemo = (await this.hubSettings.get(tx, 'demo')) === '1';
    if (!isDemo || !hash || this.settings.production) return ok({ created: 0 });
    const units = await this.lists.units(tx, now);
    const accounts = unitIds.flatMap((unitId) => {
      const unit = units.get(unitId);
      return unit?.active ? unitAccounts(unit) : [];
    });
    return ok({ created: await this.accounts.addDemo(tx, accounts, hash) });
  }
}
