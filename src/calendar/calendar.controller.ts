import { Controller, Get, HttpCode, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Actor, CalendarDue, ImportedNotice, NoticeReport } from '@minqing-hub/client-sdk/protocol';
import { CommandBus } from '../commands/command-bus.js';
import { HubException } from '../commands/hub-exception.js';
import { newCommandId } from '../commands/new-command-id.js';
import { type Day, dayFrom, plusDays, yearOf } from '../domain/calendar/day.js';
import { FIRST_YEAR, isKnownYear, LAST_YEAR } from '../domain/calendar/known-years.js';
import { hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { CalendarBook } from './calendar-book.js';
import { NOTICE_IMPORTERS } from './commands/import-holiday-notice.js';
import { type IncomingFile, noticeText } from './notice-file.js';
import { NoticeStore } from './notice-store.js';
import { shownNotice } from './shown-notice.js';

const MOST_DAYS = 1_000;

@ApiTags('calendar')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api/calendar')
export class CalendarController {
  constructor(
    private readonly book: CalendarBook,
    private readonly bus: CommandBus,
    private readonly store: NoticeStore,
    private readonly readModel: ReadModel,
  ) {}

  @Post('notices')
  @HttpCode(200)
  @ApiOperation({
    summary: '导入国务院办公厅节假日安排的通知（整份生效或整份退回）；取代该年先前的通知，正在计时的期限重新计算',
  })
  @ApiConsumes('application/json', 'text/calendar')
  @ApiQuery({
    name: 'source',
    required: false,
    description: '发布通知的网址，或通知的标题；文件自带网址（papers）时可不填',
  })
  @ApiQuery({ name: 'year', required: false, description: '通知所属年份；填写后，文件中其他年份的日期会被指出' })
  @ApiQuery({ name: 'commandId', required: false, description: 'UUID；同一编号再次提交得到同一答复，不会重复导入' })
  @ApiBody({
    description:
      'holiday-cn 的 {year, days:[{date, isOffDay}]}（可为列表），chinese-days 的 {holidays, workdays}，或 .ics',
    schema: {
      anyOf: [
        {
          title: 'holiday-cn',
          type: 'object',
          required: ['year', 'days'],
          properties: {
            year: { type: 'integer' },
            papers: { type: 'array', items: { type: 'string' } },
            days: {
              type: 'array',
              items: {
                type: 'object',
                required: ['date', 'isOffDay'],
                properties: {
                  name: { type: 'string' },
                  date: { type: 'string', format: 'date' },
                  isOffDay: { type: 'boolean' },
                },
              },
            },
          },
        },
        {
          title: 'chinese-days',
          type: 'object',
          required: ['holidays'],
          properties: {
            holidays: { type: 'object', additionalProperties: true },
            workdays: { type: 'object', additionalProperties: true },
          },
        },
        { title: 'ics', type: 'string' },
      ],
    },
  })
  @ApiResponse({ status: 200, description: '{status, notices, faults:[{where, reason, clause}], remarks}' })
  @ApiResponse({ status: 413, description: 'payload_too_large' })
  async import(
    @CurrentActor() actor: Actor,
    @Query() query: Record<string, unknown>,
    @Req() request: IncomingFile,
  ): Promise<NoticeReport> {
    try {
      // Permission comes before everything else [I6].
      if (!hasRole(actor, NOTICE_IMPORTERS)) throw new HubException('forbidden', '您没有导入节假日通知的权限');
      const { source, year, commandId = newCommandId() } = textsOf(query, ['source', 'year', 'commandId']);
      const payload = {
        text: await noticeText(request),
        ...(source !== undefined && { source }),
        ...(year !== undefined && { year: yearFrom(year) }),
      };
      const answer = await this.bus.execute(actor, { name: 'importHolidayNotice', commandId, payload });
      if (!answer.ok) throw new HubException(answer.error.code, answer.error.message, answer.error);
      return answer.result as NoticeReport;
    } catch (fault) {
      // Whoever hung up hears nothing more, and no operator need hear of it.
      throw fault === request.errored ? new HubException('payload_malformed', '文件没有传完') : fault;
    } finally {
      request.resume();
    }
  }

  @Get('notices')
  @ApiOperation({ summary: '导入过的节假日通知：日期、出处、导入时间和导入人；每年最后导入的一份有效' })
  async notices(): Promise<ImportedNotice[]> {
    const notices = await this.readModel.run((tx) => this.store.all(tx));
    const newest = new Map([...notices].reverse().map(({ year, version }) => [year, version]));
    return notices.map((notice) => shownNotice(notice, newest.get(notice.year) === notice.version));
  }

  @Get('due')
  @ApiOperation({ summary: '从某日起（当日不计）若干个工作日或自然日的最后一天，至当日24时' })
  @ApiQuery({ name: 'start', required: true, description: '起始日，YYYY-MM-DD' })
  @ApiQuery({ name: 'n', required: true, description: `天数，1 至 ${MOST_DAYS}` })
  @ApiQuery({ name: 'basis', required: false, description: 'workday（工作日，默认）或 day（自然日）' })
  due(@Query() query: Record<string, unknown>): CalendarDue {
    const asked = textsOf(query, ['start', 'n', 'basis']);
    const start = startFrom(asked.start);
    const n = /^\d{1,4}$/.test(asked.n ?? '') ? Number(asked.n) : 0;
    if (n < 1 || n > MOST_DAYS) throw invalid('n', `应为 1 至 ${MOST_DAYS} 的整数`);
    const basis = asked.basis ?? 'workday';
    if (basis !== 'workday' && basis !== 'day') throw invalid('basis', '应为 workday（工作日）或 day（自然日）');
    const { calendar } = this.book;
    const { day, at, provisional } = basis === 'day' ? calendar.afterDays(start, n) : calendar.afterWorkdays(start, n);
    // A notice may also name days of the December before its year.
    const notices = basis === 'day' ? [] : this.book.noticesOf(yearOf(start), yearOf(plusDays(day, 31)));
    return { start, n, basis, day, dueAt: at, provisional, noticeIds: notices.map(({ noticeId }) => noticeId) };
  }
}

/** Each at most once; one that is not known would change nothing, and is told. */
function textsOf<N extends string>(query: Record<string, unknown>, names: readonly N[]): Partial<Record<N, string>> {
  for (const [field, value] of Object.entries(query)) {
    if (!names.includes(field as N)) throw invalid(field, '没有这个参数');
    if (typeof value !== 'string') throw invalid(field, '只能填一个');
  }
  return query as Partial<Record<N, string>>;
}

function yearFrom(text: string): number {
  const year = /^\d{4}$/.test(text) ? Number(text) : 0;
  if (!isKnownYear(year)) throw invalid('year', `应为 ${FIRST_YEAR} 至 ${LAST_YEAR} 之间的年份`);
  return year;
}

function startFrom(text: string | undefined): Day {
  const start = dayFrom(text ?? '');
  if (start === undefined || !isKnownYear(yearOf(start))) throw invalid('start', '应为日期，如 2026-02-13');
  return start;
}

const invalid = (field: string, message: string) => new HubException('payload_invalid', message, { field });
