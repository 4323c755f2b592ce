import { Injectable } from '@nestjs/common';
import type { CommandResult, HubError, IntakeReceipt } from '@minqing-hub/client-sdk/protocol';
import { checkPayload } from '../commands/check-payload.js';
import { CommandBus } from '../commands/command-bus.js';
import { newCommandId } from '../commands/new-command-id.js';
import { type Actor, hasRole } from '../identity/actor.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { PersonalDigest } from './personal-digest.js';
import { MAY_REGISTER } from './register.js';
import { RegisterPayload } from './register-payload.js';
import { RequestStore } from './request-store.js';
import { SourceKeys } from './source-keys.js';

export type Reception = { ok: true; receipt: IntakeReceipt } | { ok: false; error: HubError };

const no = (error: HubError): Reception => ({ ok: false, error });

/** Requests of source systems, single or in a batch: each becomes the command `register`, unless it stands already. */
@Injectable()
export class IntakeDoor {
  constructor(
    private readonly bus: CommandBus,
    private readonly readModel: ReadModel,
    private readonly sourceKeys: SourceKeys,
    private readonly requests: RequestStore,
    private readonly digest: PersonalDigest,
  ) {}

  /** Why the caller may not bring requests at all; `undefined` when they may. */
  barred(actor: Actor): HubError | undefined {
    return hasRole(actor, MAY_REGISTER) ? undefined : { code: 'forbidden', message: '您没有登记诉求的权限' };
  }

  /** Every request gets an answer; what is thrown is a fault of the hub's own. */
  async receive(actor: Actor, body: unknown): Promise<Reception> {
    const barred = this.barred(actor);
    if (barred) return no(barred);
    if (body === null || typeof body !== 'object' || Array.isArray(body)) {
      return no({ code: 'payload_malformed', message: '内容应为一个对象', field: 'body' });
    }
    const { source, sourceId } = body as Record<string, unknown>;
    for (const [field, value] of Object.entries({ source, sourceId })) {
      if (typeof value !== 'string') return no({ code: 'payload_invalid', message: '应为文字，不能缺少', field });
    }
    if (actor.source !== undefined && source !== actor.source) {
      return no({ code: 'forbidden', message: '接口密钥只能登记本来源系统的诉求', field: 'source' });
    }
    const before = await this.before(body, source as string, sourceId as string);
    return before ?? this.register(actor, body);
  }

  /** What was taken on before is answered from a read: a source that sends all again holds up nobody who writes [IN19]. */
  private async before(body: object, source: string, sourceId: string): Promise<Reception | undefined> {
    const known = await this.readModel.run(async (tx) => {
      const key = await this.sourceKeys.find(tx, source, sourceId);
      const receipt = key && (await this.requests.receipt(tx, key.requestNo));
      return receipt && { ...key, ...receipt };
    });
    if (!known) return undefined;
    const checked = checkPayload(RegisterPayload, body);
    if (!checked.ok) return no(checked.error);
    if (this.digest.content(checked.value) !== known.contentHash) return undefined;
    const { requestNo, orderNo, receiptCode } = known;
    return { ok: true, receipt: { requestNo, orderNo, receiptCode, duplicate: true } };
  }

  private async register(actor: Actor, payload: object): Promise<Reception> {
    const answer = await this.bus.execute(actor, { name: 'register', commandId: newCommandId(), payload });
    if (!answer.ok) return no(answer.error);
    const { requestNo, orderNo, receiptCode, duplicate } = answer.result as CommandResult<'register'>;
    return { ok: true, receipt: { requestNo, orderNo, receiptCode, duplicate } };
  }
}
