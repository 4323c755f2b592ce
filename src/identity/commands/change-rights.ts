import type { CommandPayload, CommandResult, Role } from '@minqing-hub/client-sdk/protocol';
import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsOptional,
  IsString,
  Matches,
  MaxLength,
} from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { ListBook } from '../../lists/list-book.js';
import { type Account, AccountStore, type Rights } from '../account-store.js';
import { isGrantable } from '../roles.js';
import { SEAT_ID, SEAT_ID_FORM } from '../seat-id.js';

class ChangeRightsPayload implements CommandPayload<'changeRights'> {
  @IsString()
  @MaxLength(64)
  userId!: string;

  @IsArray()
  @ArrayMaxSize(24)
  @ArrayUnique({ message: '角色重复' })
  @IsString({ each: true, message: '角色应为文字' })
  roles!: Role[];

  /** Absent: as before; `null`: none. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  unitId?: string | null;

  @IsOptional()
  @Matches(SEAT_ID, { message: SEAT_ID_FORM })
  seatId?: string | null;

  @IsOptional()
  @IsBoolean()
  active?: boolean;
}

/** Gives and takes rights; in force at the user's next command, and for their consoles within a second. [ID3] */
@Handles('changeRights')
export class ChangeRights extends CommandHandler<ChangeRightsPayload, CommandResult<'changeRights'>> {
  readonly payload = ChangeRightsPayload;
  readonly who = ['policy_admin'] as const;

  constructor(
    private readonly accounts: AccountStore,
    private readonly lists: ListBook,
  ) {
    super();
  }

  async handle(
    payload: ChangeRightsPayload,
    { tx, now, origin }: CommandContext,
  ): Promise<Result<CommandResult<'changeRights'>>> {
    await this.accounts.lock(tx);
    const account = await this.accounts.find(tx, payload.userId);
    if (!account) return refuse('user_unknown', '没有这个用户', { field: 'userId' });
    const rights: Rights = {
      roles: payload.roles,
      unitId: payload.unitId === undefined ? account.unitId : payload.unitId,
      seatId: payload.seatId === undefined ? account.seatId : payload.seatId,
      active: payload.active ?? account.active,
    };
    if (!rights.roles.every(isGrantable)) return refuse('role_unknown', '没有这个角色', { field: 'roles' });
    if (rights.unitId !== null && rights.unitId !== account.unitId) {
      const unit = (await this.lists.units(tx, now)).get(rights.unitId);
      if (!unit) return refuse('unit_unknown', '没有这个单位', { field: 'unitId' });
      if (!unit.active) return refuse('unit_closed', '这个单位已停用', { field: 'unitId' });
    }
    const barred = (await this.seatTaken(account, rights, tx)) ?? (await this.lastAdmin(account, rights, tx));
    if (barred) return barred;
    await this.accounts.changeRights(tx, origin, account, rights);
    return ok({ userId: account.userId });
  }

  private async seatTaken(
    { userId }: Account,
    { seatId, active }: Rights,
    tx: CommandContext['tx'],
  ): Promise<Result<never> | undefined> {
    if (seatId === null || !active) return undefined;
    const sitter = (await this.accounts.seated(tx, [seatId])).get(seatId);
    if (sitter === undefined || sitter === userId) return undefined;
    return refuse('seat_taken', '这个坐席已属于另一位用户', { field: 'seatId', clause: 'ID5' });
  }

  /** Somebody must be left who can give rights back. [ID5] */
  private async lastAdmin(
    { userId }: Account,
    { roles, active }: Rights,
    tx: CommandContext['tx'],
  ): Promise<Result<never> | undefined> {
    if (active && roles.includes('policy_admin')) return undefined;
    const admins = await this.accounts.activePolicyAdmins(tx);
    if (!admins.includes(userId) || admins.length > 1) return undefined;
    return refuse('last_policy_admin', '这是最后一位有效的管理员，不能取消其权限', { field: 'roles', clause: 'ID5' });
  }
}
