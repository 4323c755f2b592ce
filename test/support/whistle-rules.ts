import type { Actor, WhistleStage } from '../../client-sdk/src/protocol/index.js';
import type { Refusal } from '../../src/domain/result.js';
import { decide } from '../../src/domain/whistle/decide.js';
import { evolve } from '../../src/domain/whistle/evolve.js';
import type { Circumstances, LinkedOrder, WhistlePolicy } from '../../src/domain/whistle/situation.js';
import type { WhistleCommand } from '../../src/domain/whistle/whistle-command.js';
import type { WhistleEvent } from '../../src/domain/whistle/whistle-event.js';
import type { Whistle } from '../../src/domain/whistle/whistle.js';
import { CITY, clerk, person, START } from './rule-book.js';

const HOUR_MS = 3_600_000;
export const REPORT_IN_MS = 4 * HOUR_MS;
export const MEETING_MS = 24 * HOUR_MS;

export const WHISTLE_POLICY: WhistlePolicy = {
  communitiesBlow: true,
  leadRule: 'lead_department',
  gatekeepingMs: null,
  missedReportInPoints: 1,
};

export const ORDER: LinkedOrder = {
  orderNo: 'GD1',
  within: true,
  active: true,
  visibility: 'public',
  handlingDueAt: START + 20 * 24 * HOUR_MS,
};

export const officer = person('street_officer', 'street');

export const blow = (more: Partial<WhistleCommand<'blowWhistle'>> = {}): WhistleCommand<'blowWhistle'> => ({
  name: 'blowWhistle',
  whistleNo: 'WS1',
  type: 'key_problem',
  basisCode: 'beyond_powers',
  basis: '涉及多个部门，街道无权处理',
  areaCode: 'A1',
  orderNos: ['GD1'],
  unitIds: ['housing', 'water'],
  leadUnitId: 'housing',
  ...more,
});

/** A whistle as it goes on; each act must be allowed, or is answered with why not. */
export class WhistleCase {
  readonly events: WhistleEvent[] = [];
  stands: Whistle | null = null;
  now = START;

  constructor(private readonly given: Partial<Circumstances> = {}) {}

  /** Two units called, the first of them leads. */
  static blown(given: Partial<Circumstances> = {}, more: Partial<WhistleCommand<'blowWhistle'>> = {}): WhistleCase {
    return new WhistleCase(given).by(officer, blow(more));
  }

  /** Both are there and have a duty each: `t1` of housing, `t2` of water. */
  static convened(given: Partial<Circumstances> = {}): WhistleCase {
    return WhistleCase.blown(given)
      .by(clerk('housing'), { name: 'reportIn', mode: 'on_site' })
      .by(clerk('water'), { name: 'reportIn', mode: 'online' })
      .by(clerk('housing'), convening());
  }

  /** All is done, and the street is to judge. */
  static submitted(given: Partial<Circumstances> = {}): WhistleCase {
    const it = WhistleCase.convened(given);
    for (const [unitId, taskId] of [
      ['housing', 't1'],
      ['water', 't2'],
    ] as const) {
      it.by(clerk(unitId), { name: 'startWork', taskId });
      it.by(clerk(unitId), { name: 'taskDone', taskId, evidence: '现场照片' });
    }
    return it.by(clerk('housing'), { name: 'submitForAcceptance' });
  }

  by(actor: Actor, command: Act): this {
    const refusal = this.try(actor, command);
    if (refusal) throw new Error(`${command.name}: ${refusal.code} ${refusal.message}`);
    return this;
  }

  /** Why not, if so. */
  try(actor: Actor, command: Act): Refusal | undefined {
    const decided = decide(this.stands, { whistleNo: 'WS1', ...command }, this.circumstances(actor));
    if (!decided.ok) return decided.error;
    this.events.push(decided.value);
    this.stands = evolve(this.stands, decided.value);
    return undefined;
  }

  circumstances(actor: Actor): Circumstances {
    const { now, stands } = this;
    const parts = stands?.participants ?? [];
    return {
      actor,
      now,
      units: CITY,
      policy: WHISTLE_POLICY,
      orders: [ORDER],
      reportInDueAt: new Map(parts.map(({ unitId, summonedAt }) => [unitId, summonedAt + REPORT_IN_MS])),
      meetingDueAt: stands ? stands.blownAt + MEETING_MS : null,
      breaches: 0,
      ...this.given,
    };
  }

  get stage(): WhistleStage {
    return this.stands!.stage;
  }

  get parts(): Record<string, string> {
    return Object.fromEntries(this.stands!.participants.map(({ unitId, stage }) => [unitId, stage]));
  }
}

/** A command as a test writes it: it is always the same whistle. */
export type Act = {
  [C in WhistleCommand as C['name']]: Omit<C, 'whistleNo'> & { whistleNo?: string };
}[WhistleCommand['name']];

export const convening = (more: Partial<WhistleCommand<'convene'>> = {}): Act => ({
  name: 'convene',
  minutes: '会商纪要',
  duties: [
    { taskId: 't1', unitId: 'housing', duty: '补办手续', dueAt: START + 5 * 24 * HOUR_MS },
    { taskId: 't2', unitId: 'water', duty: '核查管线', dueAt: START + 3 * 24 * HOUR_MS },
  ],
  ...more,
});

export const rated = (...unitIds: string[]): Act => ({
  name: 'acceptResult',
  ratings: unitIds.map((unitId) => ({ unitId, promptness: 5, effort: 4, effect: 4 })),
});
