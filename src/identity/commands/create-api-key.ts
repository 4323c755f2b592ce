import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { IsNotEmpty, IsString, Matches, MaxLength } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { Settings } from '../../config/settings.js';
import { PLAIN_CODE } from '../../domain/plain-code.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { EventLog } from '../../event-log/event-log.js';
import { apiKeyFor } from '../api-keys.js';

class CreateApiKeyPayload implements CommandPayload<'createApiKey'> {
  @Matches(PLAIN_CODE, { message: '来源系统代码只能用字母、数字、点、下划线和连字符，不能含电话等号码' })
  source!: string;

  /** For people; not in events. */
  @IsString()
  @IsNotEmpty()
  @MaxLength(64)
  label!: string;
}

/** Lets a source system file requests, in its own name only. The key is in the answer and nowhere else. [ID6] */
@Handles('createApiKey')
export class CreateApiKey extends CommandHandler<CreateApiKeyPayload, CommandResult<'createApiKey'>> {
  readonly payload = CreateApiKeyPayload;
  readonly who = ['policy_admin'] as const;
  override readonly personalAnswer = true;

  constructor(
    private readonly settings: Settings,
    private readonly eventLog: EventLog,
  ) {
    super();
  }

  async handle(
    { source, label }: CreateApiKeyPayload,
    { tx, actor, now, origin, repeated }: CommandContext,
  ): Promise<Result<CommandResult<'createApiKey'>>> {
    const { keyId, apiKey, hash } = apiKeyFor(this.settings.secrets.tokenSecret, actor.userId, origin.commandId);
    if (repeated) {
      const known = await tx.one<{ active: number }>('SELECT active FROM api_key WHERE key_id = ? AND key_hash = ?', [
        keyId,
        hash,
      ]);
      if (known?.active === 0) return refuse('key_unknown', '这个密钥已停用，请另建', { clause: 'ID6' });
      if (!known) return refuse('key_unknown', '这个密钥已不能再次显示，请停用后另建');
      return ok({ keyId, apiKey });
    }
    await tx.insert('api_key', {
      key_id: keyId,
      source,
      key_hash: hash,
      label,
      active: 1,
      created_at: now,
      created_by: actor.userId,
    });
    await this.eventLog.append(tx, origin, [
      {
        subject: `key:${keyId}`,
        type: 'identity.key_created',
        at: now,
        version: null,
        data: { keyId, source },
        card: null,
        rooms: {},
      },
    ]);
    return ok({ keyId, apiKey });
  }
}
