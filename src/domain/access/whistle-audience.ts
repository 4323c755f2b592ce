import type { ParticipantView, WhistleCard } from '@minqing-hub/client-sdk/protocol';
import { clockView } from '../clock/clock-view.js';
import { type Deadline, isBroken, isOpen } from '../clock/deadline.js';
import { ENDED, isSummoned, type Participant, type Whistle } from '../whistle/whistle.js';
import type { OrderReaders, View } from './audience.js';

/**
 * The rooms whose consoles hold the whistle's card, and how much of it they see: its own and those of its orders always;
 * while it goes on those of its units, the leaders' among them, and of the desk; and from the first breach on, or when
 * it is an emergency or was taken to a higher meeting, of who supervises.
 */
export function whistleRooms(whistle: Whistle): Record<string, View> {
  const shared: View = whistle.visibility === 'confidential' ? 'stub' : 'full';
  const rooms: Record<string, View> = { [`whistle:${whistle.whistleNo}`]: 'full' };
  for (const orderNo of whistle.orderNos) rooms[`order:${orderNo}`] = shared;
  if (isOver(whistle)) return rooms;
  for (const unitId of unitsOf(whistle)) {
    rooms[`unit:${unitId}`] = shared;
    rooms[`leader:${unitId}`] = shared;
  }
  rooms['desk:city'] = shared;
  if (isWatched(whistle)) rooms['supervision:city'] = shared;
  return rooms;
}

export const whistleReaders = (whistle: Whistle): OrderReaders => ({
  unitIds: unitsOf(whistle),
  visibility: whistle.visibility,
  userIds: whistle.taskForce ? [whistle.taskForce.leaderId] : [],
});

export function whistleCard(whistle: Whistle, deadlines: readonly Deadline[]): WhistleCard {
  return {
    whistleNo: whistle.whistleNo,
    version: whistle.version,
    stage: whistle.stage,
    type: whistle.type,
    visibility: whistle.visibility,
    blowerUnitId: whistle.blowerUnitId,
    blownAt: whistle.blownAt,
    areaCode: whistle.areaCode,
    orderNos: whistle.orderNos,
    leadUnitId: whistle.leadUnitId,
    taskForceLeaderId: whistle.taskForce?.leaderId ?? null,
    participants: whistle.participants.map(participantView),
    tasks: whistle.tasks.map(({ taskId, unitId, stage, dueAt, doneAt, sentBack }) => ({
      taskId,
      unitId,
      stage,
      dueAt,
      doneAt,
      sentBack,
    })),
    convenedAt: whistle.convenedAt,
    meetingMissedAt: whistle.meetingMissedAt,
    escalatedTo: whistle.escalatedTo,
    submittedAt: whistle.submittedAt,
    endedAt: whistle.endedAt,
    clocks: deadlines
      .filter((one) => isOpen(one) || isBroken(one))
      .map(clockView)
      .sort((a, b) => a.dueAt - b.dueAt || (a.clockId < b.clockId ? -1 : 1)),
  };
}

function participantView(part: Participant): ParticipantView {
  const { unitId, stage, summonedAt, reportedInAt, mode, missedAt, refusal, rating } = part;
  const said = refusal && (refusal.confirmedBy === null && refusal.ruling === 'open' ? 'proposed' : refusal.ruling);
  return { unitId, stage, summonedAt, reportedInAt, mode, missedAt, refusal: said, rating };
}

const isOver = ({ stage }: Whistle): boolean => (ENDED as readonly string[]).includes(stage);

/** Who blew, who leads and who was called: an upper unit of theirs is not asked. */
function unitsOf({ blowerUnitId, leadUnitId, participants }: Whistle): string[] {
  const called = participants.filter(isSummoned).map(({ unitId }) => unitId);
  return [...new Set([blowerUnitId, leadUnitId, ...called])].filter((unitId) => unitId !== null);
}

/** [W5] [W7] [W13] Who did not come, what did not come about, and what went higher is for who supervises. */
const isWatched = ({ type, participants, meetingMissedAt, escalatedTo }: Whistle): boolean =>
  type === 'emergency' ||
  meetingMissedAt !== null ||
  escalatedTo !== null ||
  participants.some(({ missedAt }) => missedAt !== null);
