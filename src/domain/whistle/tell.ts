import type { WhistleEventType } from '@minqing-hub/client-sdk/protocol';
import { ownPartIn } from './permission.js';
import type { Situation } from './situation.js';
import type { WhistleCommand } from './whistle-command.js';
import type { WhistleEventFacts } from './whistle-event.js';
import { participantOf, taskOf } from './whistle.js';

/** An event type with its facts. */
export type Told = { [T in WhistleEventType]: { type: T; facts: WhistleEventFacts[T] } }[WhistleEventType];

const told = <T extends WhistleEventType>(type: T, facts: WhistleEventFacts[T]): Told => ({ type, facts }) as Told;

/** What there is to tell of a command that the rule book allows; `type` as its row says. */
export function tell(type: WhistleEventType, situation: Situation): Told {
  const { command, whistle, policy } = situation;
  switch (command.name) {
    case 'blowWhistle':
      return blown(situation, command);
    case 'declineWhistle':
    case 'submitForAcceptance':
    case 'withdrawWhistle':
      return told(type, {});
    case 'nameLead':
      return told('whistle.lead_named', {
        leadUnitId: command.leadUnitId,
        summoned: !participantOf(whistle, command.leadUnitId),
      });
    case 'linkOrder':
      return told('whistle.order_linked', {
        orderNo: command.orderNo,
        visibility: situation.orders.find(({ orderNo }) => orderNo === command.orderNo)!.visibility,
      });
    case 'reportIn':
      return reportedIn(situation, command);
    case 'refuseReport': {
      const { unitId } = own(situation);
      const { reasonCode } = command;
      return type === 'whistle.report_refused'
        ? told(type, { unitId, reasonCode, raisedBy: situation.actor.userId })
        : told('whistle.report_refusal_proposed', { unitId, reasonCode });
    }
    case 'confirmReportRefusal': {
      const { unitId, refusal } = own(situation);
      return told('whistle.report_refused', { unitId, reasonCode: refusal!.reasonCode, raisedBy: refusal!.by });
    }
    case 'ruleOnReportRefusal':
      return told('whistle.report_refusal_ruled', { unitId: command.unitId, ruling: command.ruling });
    case 'markAbsent':
      return told('whistle.report_in_missed', { unitId: command.unitId, points: policy.missedReportInPoints });
    case 'convene':
      return told('whistle.convened', {
        lateMs: Math.max(0, situation.now - (whistle.meetingMissedAt ?? situation.meetingDueAt ?? Infinity)),
        duties: command.duties.map(({ taskId, unitId, dueAt }) => ({ taskId, unitId, dueAt })),
        leaderId: command.leaderId ?? null,
      });
    case 'missMeeting':
      return told('whistle.meeting_overdue', { leadUnitId: whistle.leadUnitId, meeting: whistle.meetings });
    case 'startWork':
    case 'reportTask':
    case 'taskDone':
    case 'waiveTask': {
      const { taskId, unitId } = taskOf(whistle, command.taskId)!;
      return told(type, { taskId, unitId });
    }
    case 'rejectAcceptance':
      return told('whistle.rejected', { taskIds: command.tasks.map(({ taskId }) => taskId) });
    case 'acceptResult':
      return told('whistle.released', {
        ratings: command.ratings.map(({ unitId, promptness, effort, effect }) => ({
          unitId,
          promptness,
          effort,
          effect,
        })),
      });
    case 'rateBlower':
      return told('whistle.blower_rated', { unitId: own(situation).unitId, quality: command.quality });
    case 'escalateWhistle':
      return told('whistle.escalated', { to: command.to });
  }
}

const own = ({ whistle, actor, units }: Situation) => ownPartIn(whistle, actor, units)!;

/** [A7] Where the street leads, it does so itself. */
function blown({ actor, policy, orders }: Situation, command: WhistleCommand<'blowWhistle'>): Told {
  const { type, basisCode, areaCode, orderNos, unitIds, leadUnitId } = command;
  const ofDesk = !actor.roles.includes('street_officer') && !actor.roles.includes('village_worker');
  const blowerUnitId = ofDesk ? null : actor.unitId;
  return told('whistle.blown', {
    visibility: orders.some(({ visibility }) => visibility === 'confidential') ? 'confidential' : 'internal',
    ...{ type, basisCode, areaCode, orderNos: [...orderNos], blowerUnitId, unitIds: [...unitIds] },
    leadUnitId: policy.leadRule === 'blower' && blowerUnitId !== null ? blowerUnitId : leadUnitId,
  });
}

/** [W5] How late, by its clock, or by when the time was said to be over. */
function reportedIn(situation: Situation, { mode }: WhistleCommand<'reportIn'>): Told {
  const { unitId, missedAt } = own(situation);
  const dueAt = missedAt ?? situation.reportInDueAt.get(unitId) ?? Infinity;
  const lateMs = Math.max(0, situation.now - dueAt);
  // Nobody had come round to say that it was absent.
  const points = lateMs > 0 && missedAt === null ? situation.policy.missedReportInPoints : 0;
  return told('whistle.reported_in', { unitId, mode, lateMs, points });
}
