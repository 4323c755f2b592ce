import {
  ArrayMaxSize,
  ArrayUnique,
  IsArray,
  IsInt,
  IsString,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import type { CommandPayload, CommandResult, SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { CommandHandler, type CommandContext } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { SkillPlan } from '../../config/skill-plan.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { UserSkills } from '../../identity/user-skills.js';
import { SeatChanges } from '../seat-changes.js';
import { SeatStore } from '../seat-store.js';

const LEVEL = { message: '等级应为 1 到 5 的整数' };

class SkillPayload implements SkillLevel {
  @IsString({ message: '技能应为文字' })
  @MaxLength(64)
  skill!: string;

  @IsInt(LEVEL)
  @Min(1, LEVEL)
  @Max(5, LEVEL)
  level!: number;
}

export class SetSkillsPayload implements CommandPayload<'setSkills'> {
  @IsString()
  @MaxLength(64)
  userId!: string;

  @IsArray({ message: '应为列表' })
  @ArrayMaxSize(100)
  @ArrayUnique((one: SkillPayload | null) => one?.skill, { message: '技能重复' })
  @ValidateNested({ each: true })
  @Type(() => SkillPayload)
  skills!: SkillPayload[];
}

/** What a user can, all of it: it counts at their seat at once. [RT2] */
@Handles('setSkills')
export class SetSkills extends CommandHandler<SetSkillsPayload, CommandResult<'setSkills'>> {
  readonly payload = SetSkillsPayload;
  readonly who = ['shift_leader', 'policy_admin'] as const;

  constructor(
    private readonly plan: SkillPlan,
    private readonly userSkills: UserSkills,
    private readonly seats: SeatStore,
    private readonly changes: SeatChanges,
  ) {
    super();
  }

  async handle(
    { userId, skills }: SetSkillsPayload,
    context: CommandContext,
  ): Promise<Result<CommandResult<'setSkills'>>> {
    const { tx, origin } = context;
    const unknown = skills.findIndex(({ skill }) => !this.plan.has(skill));
    if (unknown >= 0) {
      return refuse('skill_unknown', '没有这个技能', { field: `skills.${unknown}.skill`, clause: 'RT2' });
    }
    const changed = await this.userSkills.set(tx, origin, userId, skills);
    if (changed === undefined) return refuse('user_unknown', '没有这个用户', { field: 'userId' });
    for (const { seatId } of changed ? await this.seats.ofUser(tx, userId) : []) {
      const seat = await this.seats.lock(tx, seatId);
      if (seat?.userId === userId && seat.presence !== 'offline') await this.changes.learn(context, seat);
    }
    return ok({ userId });
  }
}
