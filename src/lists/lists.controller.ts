import type { Readable } from 'node:stream';
import { Controller, Get, HttpCode, Param, Post, Query, Req, UseGuards } from '@nestjs/common';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOperation, ApiQuery, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Actor, CatalogueRow, ImportReport, Role, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { HubException } from '../commands/hub-exception.js';
import { Clock } from '../config/clock.js';
import type { DutyRule } from '../domain/dispatch/decide-dispatch.js';
import { hasRole } from '../identity/actor.js';
import { AuthGuard, CurrentActor } from '../identity/http-auth.js';
import { USER_COLUMNS, UserImporter } from '../identity/user-import.js';
import { ROSTER_COLUMNS, ROSTER_IMPORTERS, RosterImporter } from '../shifts/roster-import.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { AppliedImport } from './import/applied-import.js';
import { LIST_KINDS } from './import/list-kinds.js';
import { ListImport } from './import/list-import.js';
import type { ImportSource } from './import/source-reader.js';
import { LIST_NAMES, ListBook, type ListName } from './list-book.js';
import { ListGaps, type ShownGap } from './list-gaps.js';
import { type ListVersion, ListVersions } from './list-versions.js';

const IMPORTERS: readonly Role[] = ['list_admin', 'policy_admin'];
const GAP_READERS: readonly Role[] = ['list_admin', 'policy_admin', 'arbiter', 'auditor'];

/** Each list's rows, as its import reads them; a cell may also be a number or a yes or no. */
const ROWS = Object.entries({
  ...Object.fromEntries(LIST_NAMES.map((name) => [name, LIST_KINDS[name].columns])),
  users: USER_COLUMNS,
  roster: ROSTER_COLUMNS,
}).map(([title, columns]) => ({
  title,
  type: 'array',
  items: {
    type: 'object',
    properties: Object.fromEntries(columns.map((column) => [column.name, { description: column.title }])),
    required: columns.filter(({ required }) => required).map(({ name }) => name),
  },
}));

interface ListOverview {
  list: ListName;
  /** The version that holds now; 0: none yet. */
  inForce: number;
  /** All that were ever activated, newest first. */
  versions: ListVersion[];
}

@ApiTags('lists')
@ApiBearerAuth()
@UseGuards(AuthGuard)
@Controller('api')
export class ListsController {
  constructor(
    private readonly listImport: ListImport,
    private readonly appliedImport: AppliedImport,
    private readonly users: UserImporter,
    private readonly roster: RosterImporter,
    private readonly listBook: ListBook,
    private readonly listVersions: ListVersions,
    private readonly gaps: ListGaps,
    private readonly readModel: ReadModel,
    private readonly clock: Clock,
  ) {}

  @Post('lists/:name/import')
  @HttpCode(200)
  @ApiOperation({
    summary: '导入一张清单（整张替换；users 增改用户，roster 按日期排班）：全部正确才生效，否则逐行报告原因',
  })
  @ApiConsumes('application/json', 'text/csv')
  @ApiQuery({ name: 'effectiveFrom', required: false, description: '生效日期或带时区的时间；不填为立即生效' })
  @ApiBody({
    description: '行的数组，或 {rows, effectiveFrom}；CSV 第一行为列名（英文名或中文名）',
    schema: {
      anyOf: [
        ...ROWS,
        {
          type: 'object',
          required: ['rows'],
          properties: { rows: { anyOf: ROWS }, effectiveFrom: { type: 'string' } },
        },
        { type: 'string' },
      ],
    },
  })
  @ApiResponse({ status: 200, description: '{list, version, status, rows, errors:[{line, column, reason}]}' })
  @ApiResponse({ status: 409, description: 'list_import_running' })
  async import(
    @CurrentActor() actor: Actor,
    @Param('name') name: string,
    @Query('effectiveFrom') effectiveFrom: unknown,
    @Req() request: IncomingFile,
  ): Promise<ImportReport> {
    try {
      mayImport(actor, name);
      if (effectiveFrom !== undefined && typeof effectiveFrom !== 'string') {
        throw new HubException('payload_invalid', '生效时间只能填一个', { field: 'effectiveFrom' });
      }
      const source = { ...sourceOf(request), effectiveFrom };
      if (name === 'users') {
        return await this.appliedImport.run(name, source, USER_COLUMNS, (rows) => this.users.apply(actor, rows));
      }
      if (name === 'roster') {
        return await this.appliedImport.run(name, source, ROSTER_COLUMNS, (rows) => this.roster.apply(actor, rows));
      }
      const list = LIST_NAMES.find((known) => known === name);
      if (!list) throw new HubException('list_unknown', '没有这张清单', { field: 'name' });
      return await this.listImport.run(actor, list, source);
    } catch (fault) {
      // Whoever hung up hears nothing more, and no operator need hear of it.
      throw fault === request.errored ? new HubException('payload_malformed', '文件没有传完') : fault;
    } finally {
      // Whatever of the file nobody wanted is let in and dropped, so that the sender reads the answer.
      request.resume();
    }
  }

  @Get('lists')
  @ApiOperation({ summary: '各清单的版本、生效时间和导入人' })
  async lists(): Promise<ListOverview[]> {
    return this.readModel.run(async (tx) => {
      const inForce = await this.listBook.versions(tx, this.clock.now());
      const found: ListOverview[] = [];
      for (const list of LIST_NAMES) {
        found.push({ list, inForce: inForce[list], versions: await this.listVersions.history(tx, list) });
      }
      return found;
    });
  }

  @Get('lists/gaps')
  @ApiOperation({ summary: '未办结的清单缺口及其工单；保密工单只计数' })
  async openGaps(@CurrentActor() actor: Actor): Promise<ShownGap[]> {
    if (!hasRole(actor, GAP_READERS)) throw new HubException('forbidden', '您没有查看清单缺口的权限');
    return this.readModel.run(async (tx) => {
      const found: ShownGap[] = [];
      for (const gap of await this.gaps.openOnes(tx)) found.push(await this.gaps.shown(tx, gap));
      return found;
    });
  }

  @Get('units')
  @ApiOperation({ summary: '现行单位清单' })
  @ApiQuery({ name: 'closed', required: false, description: 'true：连同已撤销的' })
  async units(@Query('closed') closed?: unknown): Promise<UnitRow[]> {
    const rows = await this.readModel.run((tx) => this.listBook.allUnits(tx, this.clock.now()));
    return rows.filter(({ active }) => active || closed === 'true');
  }

  @Get('catalogue')
  @ApiOperation({ summary: '现行目录清单' })
  @ApiQuery({ name: 'closed', required: false, description: 'true：连同已停用的' })
  async catalogue(@Query('closed') closed?: unknown): Promise<CatalogueRow[]> {
    const rows = await this.readModel.run((tx) => this.listBook.allCatalogueItems(tx, this.clock.now()));
    return rows.filter(({ active }) => active || closed === 'true');
  }

  @Get('duties')
  @ApiOperation({ summary: '现行职责清单' })
  async duties(): Promise<DutyRule[]> {
    return this.readModel.run((tx) => this.listBook.allDuties(tx, this.clock.now()));
  }
}

/** Giving rights is for a policy_admin alone, rosters are a shift leader's; permission comes before everything else [I6]. */
function mayImport(actor: Actor, name: string): void {
  const roles: readonly Role[] = name === 'users' ? ['policy_admin'] : name === 'roster' ? ROSTER_IMPORTERS : IMPORTERS;
  if (!hasRole(actor, roles)) throw new HubException('forbidden', '您没有导入这张清单的权限');
}

type IncomingFile = Readable & { headers: Record<string, string | string[] | undefined> };

function sourceOf(request: IncomingFile): Omit<ImportSource, 'effectiveFrom'> {
  const type = String(request.headers['content-type'] ?? '');
  const [, charset] = /charset="?([^";\s]+)/i.exec(type) ?? [];
  if (charset && !/^utf-?8$/i.test(charset)) {
    throw new HubException('payload_malformed', '文件应为 UTF-8 编码', { field: 'content-type' });
  }
  const format = /^text\/csv\b/i.test(type) ? 'csv' : /^application\/json\b/i.test(type) ? 'json' : undefined;
  if (!format)
    throw new HubException('payload_malformed', '应为 text/csv 或 application/json', { field: 'content-type' });
  // The request stays open when reading stops early: the answer goes out on the same connection.
  return { format, bytes: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array> };
}
