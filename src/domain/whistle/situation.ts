import type { Actor, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { UnitTree } from '../lists/unit-tree.js';
import type { Refusal } from '../result.js';
import type { WhistleCommand, WhistleCommandName } from './whistle-command.js';
import type { Whistle } from './whistle.js';

/** What a city decides about whistles. */
export interface WhistlePolicy {
  /** `whistle.authority`: communities blow, too, and not streets alone. */
  communitiesBlow: boolean;
  /** [A7] `whistle.leadRule` */
  leadRule: 'lead_department' | 'blower';
  /** [W2] `whistle.gatekeeping`: the desk may send a whistle back, for so long; `null`: it may not. */
  gatekeepingMs: number | null;
  /** [W5] `deduction.missedReportIn` */
  missedReportInPoints: number;
}

/** An order that a whistle is blown for. */
export interface LinkedOrder {
  orderNo: string;
  /** Who blows leads it, or it lies in their territory. */
  within: boolean;
  active: boolean;
  visibility: Visibility;
  /** When its handling is due, ms UTC; `null`: nothing runs, or the plan of a hard case has taken its place. */
  handlingDueAt: number | null;
}

/** What a decision rests on besides the whistle and the command. */
export interface Circumstances {
  actor: Actor;
  /** ms UTC */
  now: number;
  units: UnitTree;
  policy: WhistlePolicy;
  /** Of every order that the whistle has, or the command names and the actor may see. */
  orders: readonly LinkedOrder[];
  /** When units have to have reported in, ms UTC, by unit; absent: no clock runs. */
  reportInDueAt: ReadonlyMap<string, number>;
  /** When the meeting is due, ms UTC; `null`: no clock runs. */
  meetingDueAt: number | null;
  /** [W13] How often a time of it for a meeting or a task has run out; one that is a workday late has done so twice. */
  breaches: number;
}

export interface Situation<N extends WhistleCommandName = WhistleCommandName> extends Circumstances {
  whistle: Whistle;
  command: WhistleCommand<N>;
}

/** Says why not, or nothing. */
export type Guard<N extends WhistleCommandName = WhistleCommandName> = (situation: Situation<N>) => Refusal | undefined;
