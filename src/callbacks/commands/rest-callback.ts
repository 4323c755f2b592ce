import { IsUUID } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, type Result } from '../../domain/result.js';
import { CallbackDesk } from '../callback-desk.js';
import { CallbackStore } from '../callback-store.js';

export class RestCallbackPayload {
  @IsUUID('all')
  callbackId!: string;
}

/** [CB4] Somebody gave it back: at night it waits for the morning, and not in the queue. */
@Handles('restCallback')
export class RestCallback extends CommandHandler<RestCallbackPayload, { rests: boolean }> {
  readonly payload = RestCallbackPayload;
  readonly who = ['system'] as const;

  constructor(
    private readonly desk: CallbackDesk,
    private readonly store: CallbackStore,
  ) {
    super();
  }

  async handle({ callbackId }: RestCallbackPayload, context: CommandContext): Promise<Result<{ rests: boolean }>> {
    const callback = await this.store.lock(context.tx, callbackId);
    if (callback?.state !== 'queued') return ok({ rests: false });
    return ok({ rests: await this.desk.rest(context, callback) });
  }
}
