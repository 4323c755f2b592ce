import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { Matches } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';

class RevokeApiKeyPayload implements CommandPayload<'revokeApiKey'> {
  @Matches(/^[0-9a-f]{16}$/, { message: '密钥编号应为 16 位十六进制数' })
  keyId!: string;
}

/** Ends a source system's key, at its next call. [ID6] */
@Handles('revokeApiKey')
export class RevokeApiKey extends CommandHandler<RevokeApiKeyPayload, CommandResult<'revokeApiKey'>> {
  readonly payload = RevokeApiKeyPayload;
  readonly who = ['policy_admin'] as const;

  constructor(private readonly eventLog: EventLog) {
    super();
  }

  async handle(
    { keyId }: RevokeApiKeyPayload,
    { tx, now, origin }: CommandContext,
  ): Promise<Result<CommandResult<'revokeApiKey'>>> {
    const ended = await tx.run('UPDATE api_key SET active = 0 WHERE key_id = ? AND active = 1', [keyId]);
    if (ended === 0) return refuse('key_unknown', '没有这个有效的密钥', { field: 'keyId' });
    await this.eventLog.append(tx, origin, [
      {
        subject: `key:${keyId}`,
        type: 'identity.key_revoked',
        at: now,
        version: null,
        data: { keyId },
        card: null,
        rooms: {},
      },
    ]);
    return ok({ keyId });
  }
}
