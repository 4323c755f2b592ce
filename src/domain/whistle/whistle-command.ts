import type { ReportInMode, WhistleEscalation, WhistleRating, WhistleType } from '@minqing-hub/client-sdk/protocol';

interface OnWhistle {
  whistleNo: string;
  /** Absent where the rule book does not ask for it, and when the hub itself acts. */
  expectedVersion?: number;
}

/** [W6] `taskId` is given by the hub. */
export interface Duty {
  taskId: string;
  unitId: string;
  /** In words: a note. */
  duty: string;
  /** ms UTC */
  dueAt: number;
}

/** Command name → what `decide` must know. Texts are only looked at for being there; they never reach an event. */
export interface WhistleCommands {
  /** `leadUnitId`: as the caller, or the duty list for its order, names it; `null`: nobody does yet. */
  blowWhistle: OnWhistle & {
    type: WhistleType;
    basisCode: string;
    basis: string;
    areaCode: string | null;
    orderNos: readonly string[];
    /** What a patrol found; with it no order is needed. */
    finding?: string;
    unitIds: readonly string[];
    leadUnitId: string | null;
  };
  declineWhistle: OnWhistle & { reason: string };
  nameLead: OnWhistle & { leadUnitId: string };
  linkOrder: OnWhistle & { orderNo: string };
  /** `unitId`: the unit that reports in; absent: the caller's own. */
  reportIn: OnWhistle & { unitId?: string; mode: ReportInMode };
  refuseReport: OnWhistle & { reasonCode: string; basis: string };
  confirmReportRefusal: OnWhistle;
  ruleOnReportRefusal: OnWhistle & { unitId: string; ruling: 'upheld' | 'overruled'; reason: string };
  markAbsent: OnWhistle & { unitId: string };
  convene: OnWhistle & { minutes: string; duties: readonly Duty[]; leaderId?: string };
  missMeeting: OnWhistle;
  startWork: OnWhistle & { taskId: string };
  reportTask: OnWhistle & { taskId: string; text: string };
  taskDone: OnWhistle & { taskId: string; evidence: string };
  waiveTask: OnWhistle & { taskId: string; reason: string };
  submitForAcceptance: OnWhistle;
  rejectAcceptance: OnWhistle & { tasks: readonly { taskId: string; reason: string }[] };
  acceptResult: OnWhistle & { ratings: readonly ({ unitId: string } & WhistleRating)[] };
  rateBlower: OnWhistle & { quality: number };
  escalateWhistle: OnWhistle & { to: WhistleEscalation; reason: string };
  withdrawWhistle: OnWhistle & { reason: string };
}

export type WhistleCommandName = keyof WhistleCommands;
export type WhistleCommand<N extends WhistleCommandName = WhistleCommandName> = {
  [M in N]: { name: M } & WhistleCommands[M];
}[N];

/** As people call them. */
export const WHISTLE_COMMAND_NAMES: Record<WhistleCommandName, string> = {
  blowWhistle: '吹哨',
  declineWhistle: '退回吹哨',
  nameLead: '指定牵头单位',
  linkOrder: '关联工单',
  reportIn: '报到',
  refuseReport: '提出不报到',
  confirmReportRefusal: '确认不报到',
  ruleOnReportRefusal: '裁决不报到',
  markAbsent: '记录未报到',
  convene: '会商定责',
  missMeeting: '记录会商逾期',
  startWork: '开始办理任务',
  reportTask: '填写任务进展',
  taskDone: '完成任务',
  waiveTask: '免除任务',
  submitForAcceptance: '提请验收',
  rejectAcceptance: '验收退回',
  acceptResult: '验收销哨',
  rateBlower: '评价哨单质量',
  escalateWhistle: '提级会商',
  withdrawWhistle: '撤回吹哨',
};
