import type { ClockName, OrderNote, TrailEntry } from '@minqing-hub/client-sdk/protocol';
import type { Lists } from '../live/lists';
import type { People } from '../live/people';
import { dueWords } from '../live/clock-words';
import { isOwed } from '../live/order-clocks';
import {
  clockNames,
  clockSignalWords,
  contactChannelWords,
  contactOutcomeWords,
  eventWords,
  gradeWords,
  kindWords,
  objectionReasons,
  presenceWords,
  proposalWords,
  queueWords,
  refusalReasons,
  supervisionWords,
  suspensionReasons,
} from '../words';

/** One line of an order's trail, ready to be read. */
export interface TrailLine {
  id: string;
  at: number;
  actor: string;
  title: string;
  facts: string;
  /** What was written with it. */
  texts: string[];
  /** The requester may read it. */
  public: boolean;
  tone: 'plain' | 'good' | 'warn';
  /** Only that a clock began or ended: the order's clocks tell that, too. */
  minor: boolean;
}

const modeWords: Record<string, string> = {
  auto: '自动分拨',
  manual: '人工分拨',
  ruling: '按裁决',
  down: '下派',
  escalated: '提级',
};
const basisWords: Record<string, string> = {
  overruled: '异议不成立',
  first_receiver: '首接负责',
  fallback: '兜底承办',
};
const causeWords: Record<string, string> = {
  not_classified: '尚未归类',
  no_duty_rule: '职责清单没有对应',
  confidence_below_gate: '把握不足',
};
const warn = new Set([
  'order.objected',
  'order.objection_proposed',
  'order.urged',
  'supervision.opened',
  'order.contact_failed',
  'order.suspended',
  'deadline.amber',
  'deadline.overdue',
]);
const minor = new Set(['deadline.started', 'deadline.met', 'deadline.stopped']);
const good = new Set(['order.accepted', 'order.acknowledged', 'order.contacted', 'order.answered']);

const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const word = (words: Readonly<Record<string, string>>, value: unknown): string | null => {
  const code = text(value);
  return code === null ? null : (words[code] ?? code);
};
/** `at`: when it was said. */
const moment = (value: unknown, at: number): string | null =>
  typeof value === 'number' ? `至 ${dueWords(value, at, true)}` : null;
const labelOf = (all: readonly { value: string; label: string }[], value: unknown): string | null =>
  all.find((one) => one.value === value)?.label ?? text(value);

/** What an event's facts say, in a few words; only codes are in them, so this is also all that may be said. */
function factsOf({ type, data, at }: TrailEntry, lists: Lists, people: People): string {
  const unit = (value: unknown) => (text(value) === null ? null : lists.unitName(text(value)));
  const said: (string | null)[] = [];
  switch (type) {
    case 'order.registered':
      said.push(text(data['channel']) ? lists.channelName(String(data['channel'])) : null);
      break;
    case 'order.accepted':
      said.push(
        word(kindWords, data['kind']),
        word(gradeWords, data['grade']),
        lists.catalogueName(text(data['catalogCode'])),
      );
      break;
    case 'order.dispatched': {
      const assists = Array.isArray(data['assistUnitIds']) ? data['assistUnitIds'].map(unit).filter(Boolean) : [];
      said.push(
        unit(data['unitId']),
        assists.length > 0 ? `协办 ${assists.join('、')}` : null,
        word(modeWords, data['mode']),
      );
      const decision = data['decision'] as { sentence?: unknown } | null | undefined;
      said.push(text(decision?.sentence));
      break;
    }
    case 'order.force_assigned':
      said.push(unit(data['unitId']), word(basisWords, data['basis']));
      break;
    case 'order.objected':
    case 'order.objection_proposed':
      said.push(unit(data['unitId']), labelOf(objectionReasons, data['reasonCode']));
      if (text(data['proposedUnitId'])) said.push(`建议 ${unit(data['proposedUnitId'])}`);
      break;
    case 'order.objection_upheld':
      said.push(text(data['nextUnitId']) ? `改派 ${unit(data['nextUnitId'])}` : '待重新分拨');
      break;
    case 'order.refusal_proposed':
    case 'order.refused':
      said.push(labelOf(refusalReasons, data['reasonCode']));
      break;
    case 'order.contacted':
    case 'order.contact_failed':
      said.push(
        unit(data['unitId']),
        word(contactChannelWords, data['channel']),
        word(contactOutcomeWords, data['outcome']),
      );
      if (data['acknowledged'] === true) said.push('同时签收');
      break;
    case 'order.merged':
      said.push(text(data['primaryOrderNo']));
      break;
    case 'order.merge_received':
      said.push(text(data['mergedOrderNo']));
      break;
    case 'order.escalation_proposed':
    case 'order.level_escalated':
      said.push(unit(data['toUnitId']));
      break;
    case 'order.proposal_declined':
    case 'order.request_cancelled':
      said.push(word(proposalWords, data['what']));
      break;
    case 'order.due_promised':
      said.push(unit(data['unitId']), moment(data['dueAt'], at));
      break;
    case 'order.extension_requested':
    case 'order.extended':
      said.push(unit(data['unitId']));
      break;
    case 'order.suspension_requested':
    case 'order.suspended':
      said.push(unit(data['unitId']), word(suspensionReasons, data['reasonCode']), moment(data['until'], at));
      break;
    case 'order.resumed':
      if (data['byClock'] === true) said.push('挂账到期');
      break;
    case 'order.handler_changed':
      if (text(data['handlerId'])) said.push(people.nameOf(String(data['handlerId'])));
      break;
    case 'order.urged':
      break;
    case 'supervision.opened':
      said.push(word(supervisionWords, data['kind']));
      break;
    case 'order.acknowledged':
      said.push(unit(data['unitId']));
      break;
    case 'deadline.started':
    case 'deadline.amber':
    case 'deadline.overdue':
    case 'deadline.met':
    case 'deadline.stopped':
    case 'deadline.paused':
    case 'deadline.resumed':
    case 'deadline.recalculated':
      said.push(
        data['signal'] === 'overdue_1wd' || data['signal'] === 'overdue_3wd'
          ? word(clockSignalWords, data['signal'])
          : null,
        unit(data['unitId']),
        typeof data['dueAt'] === 'number' ? `到期 ${dueWords(data['dueAt'], at, true)}` : null,
      );
      break;
    case 'seat.presence_changed':
      said.push(word(presenceWords, data['presence']));
      break;
    default:
      said.push(
        unit(data['unitId']),
        word(queueWords, data['queueId']),
        text(data['seatId']),
        word(causeWords, data['cause']),
      );
  }
  return said.filter((one) => one !== null && one !== '').join(' · ');
}

const wordOf = (type: string): string => (eventWords as Readonly<Record<string, string | undefined>>)[type] ?? type;

/** A window has closed: that made nobody late. */
const isClosing = ({ type, data }: Pick<TrailEntry, 'type' | 'data'>): boolean =>
  type === 'deadline.overdue' && !isOwed({ clock: data['clock'] as ClockName });

/** What happened to a clock says to which. */
function titleOf({ type, data }: TrailEntry): string {
  const clock = type.startsWith('deadline.') ? word(clockNames, data['clock']) : null;
  if (isClosing({ type, data })) return `${clock} · 已截止`;
  return clock === null ? wordOf(type) : `${clock} · ${wordOf(type)}`;
}

/** What was recorded last stands first, whenever it happened. What people wrote stands under the event that it belongs to. */
export function trailLines(
  entries: readonly TrailEntry[],
  notes: readonly OrderNote[],
  lists: Lists,
  people: People,
): TrailLine[] {
  const loose = new Set(notes);
  const lines = entries.map((entry): TrailLine => {
    const own = notes.filter((note) => note.at === entry.at && note.actor === entry.actor && loose.delete(note));
    return {
      id: entry.id,
      at: entry.at,
      actor: people.nameOf(entry.actor),
      title: titleOf(entry),
      facts: factsOf(entry, lists, people),
      texts: own.map((note) => (note.type === 'alternative_channel' ? `请诉求人转向：${note.text}` : note.text)),
      // What a refusal would say is said when it is one.
      public: entry.type !== 'order.refusal_proposed' && own.some((note) => note.public),
      tone: warn.has(entry.type) ? 'warn' : good.has(entry.type) ? 'good' : 'plain',
      minor: minor.has(entry.type) || isClosing(entry),
    };
  });
  return lines.reverse();
}
