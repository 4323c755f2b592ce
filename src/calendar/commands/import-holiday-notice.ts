import type { CommandPayload, CommandResult, Role } from '@minqing-hub/client-sdk/protocol';
import { Transform } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';
import { type CommandContext, CommandHandler } from '../../commands/command-handler.js';
import { Handles } from '../../commands/handles.js';
import { FIRST_YEAR, LAST_YEAR } from '../../domain/calendar/known-years.js';
import { lawfulDaysWorked } from '../../domain/calendar/lawful-days.js';
import { readNotices, type ReadNotice } from '../../domain/calendar/notice-forms.js';
import { LONGEST_SOURCE, noticeSource } from '../../domain/calendar/notice-source.js';
import { ok, refuse, type Result } from '../../domain/result.js';
import { daysOffByLaw } from '../feasts.js';
import { MOST_BYTES } from '../notice-file.js';
import { NoticeLedger } from '../notice-ledger.js';
import { shownNotice } from '../shown-notice.js';

export const NOTICE_IMPORTERS: readonly Role[] = ['policy_admin'];

const absent = Transform(({ value }: { value: unknown }) => value ?? undefined);

export class ImportHolidayNoticePayload implements CommandPayload<'importHolidayNotice'> {
  @MaxLength(MOST_BYTES)
  @IsString()
  text!: string;

  @IsOptional()
  @absent
  @IsString()
  @MaxLength(LONGEST_SOURCE)
  source?: string;

  @IsOptional()
  @absent
  @Max(LAST_YEAR)
  @Min(FIRST_YEAR)
  @IsInt()
  year?: number;
}

/** [WD5] [WD8] The notice of one or more years, whole or not at all. Each replaces the one of its year from its place in the log on. */
@Handles('importHolidayNotice')
export class ImportHolidayNotice extends CommandHandler<
  ImportHolidayNoticePayload,
  CommandResult<'importHolidayNotice'>
> {
  readonly payload = ImportHolidayNoticePayload;
  readonly who = NOTICE_IMPORTERS;

  constructor(private readonly ledger: NoticeLedger) {
    super();
  }

  async handle(
    { text, source, year }: ImportHolidayNoticePayload,
    { tx, origin }: CommandContext,
  ): Promise<Result<CommandResult<'importHolidayNotice'>>> {
    const given = source === undefined ? undefined : noticeSource(source);
    if (source !== undefined && given === undefined) {
      return refuse('payload_invalid', '出处应为 http(s) 网址，或通知的标题', { field: 'source', clause: 'WD8' });
    }
    const read = readNotices(text, year);
    if (!('form' in read)) return ok({ status: 'refused', notices: [], faults: read.faults, remarks: [] });

    const taken = [];
    for (const notice of read.notices) {
      const from = given ?? notice.source;
      if (from === undefined) {
        return refuse('payload_invalid', '请写明通知的出处：发布通知的网址，或通知的标题', {
          field: 'source',
          clause: 'WD8',
        });
      }
      const one = await this.ledger.take(tx, origin, { ...notice, source: from, form: read.form, file: text });
      if (!one) return refuse('version_conflict', '这一年的通知刚由他人导入，请查看后再导入', { clause: 'WD8' });
      taken.push(one);
    }
    return ok({
      status: taken.some(({ isNew }) => isNew) ? 'imported' : 'unchanged',
      notices: taken.map(({ notice }) => shownNotice(notice, true)),
      faults: [],
      remarks: read.notices.flatMap(remarksOn),
    });
  }
}

const remarksOn = (notice: ReadNotice) =>
  lawfulDaysWorked(notice, daysOffByLaw).map((day) => ({
    where: day,
    reason: '法定节日，而通知没有写这一天放假，将按工作日计算',
  }));
