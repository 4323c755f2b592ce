import type {
  Actor,
  CitedArticle,
  CommandName,
  CommandPayload,
  DispatchSuggestion,
} from '@minqing-hub/client-sdk/protocol';
import type { DeferralCause, Registration } from './order-event.js';
import type { Order } from './order.js';

/** A command as it came over the wire, with the facts that had to be looked up for it. */
type Payload<N extends CommandName, Facts = object> = Omit<CommandPayload<N>, 'expectedVersion' | 'at'> & {
  /** Absent where the rule book does not ask for it, and when the hub itself acts. */
  expectedVersion?: number;
} & Facts;

interface OnOrder {
  orderNo: string;
  expectedVersion?: number;
}

/**
 * Command name → what `decide` must know. Texts are only looked at for being there; they never reach an event.
 * The last four are the hub's own and come from nobody's console.
 */
export interface OrderCommands {
  register: OnOrder & Registration;
  /** `article`: the one that `knowledgeRef` names; absent when it names none. */
  answerDirectly: Payload<'answerDirectly', { article?: CitedArticle }>;
  refuse: Payload<'refuse'>;
  confirmRefusal: Payload<'confirmRefusal'>;
  /** `catalogueKnows`: the code that the order has afterwards stands in the catalogue, or it has none. */
  accept: Payload<'accept', { catalogueKnows: boolean }>;
  /** `primary`: `null` when there is no such order, or the actor may not see it; `samePerson`: one person asked both. */
  merge: Payload<'merge', { primary: Order | null; samePerson?: boolean }>;
  /** `suggestion`: what the duty list says now. */
  dispatch: Payload<'dispatch', { suggestion: DispatchSuggestion | null }>;
  acknowledge: Payload<'acknowledge'>;
  object: Payload<'object'>;
  confirmObjection: Payload<'confirmObjection'>;
  upholdObjection: Payload<'upholdObjection'>;
  overruleObjection: Payload<'overruleObjection'>;
  /** `fallbackUnitId`: who takes what nobody is named for, here. */
  assignFirstReceiver: Payload<'assignFirstReceiver', { fallbackUnitId: string | null }>;
  /** `at`: when the contact was made, ms UTC. */
  recordContact: Payload<'recordContact', { at: number }>;
  addProgress: Payload<'addProgress'>;
  /** `handler`: the person named; `null` when there is none. */
  assignHandler: Payload<'assignHandler', { handler: Actor | null }>;
  escalateLevel: Payload<'escalateLevel'>;
  confirmEscalation: Payload<'confirmEscalation'>;
  declineProposal: Payload<'declineProposal'>;
  redispatchDown: Payload<'redispatchDown'>;
  /** `dueAt`: 24:00 of the promised day, ms UTC. */
  promiseDue: Omit<Payload<'promiseDue'>, 'dueOn'> & { dueAt: number };
  requestExtension: Payload<'requestExtension'>;
  approveExtension: Payload<'approveExtension'>;
  /** `until`: 24:00 of the last day, ms UTC. */
  requestSuspension: Omit<Payload<'requestSuspension'>, 'until'> & { until: number };
  approveSuspension: Payload<'approveSuspension'>;
  cancelRequest: Payload<'cancelRequest'>;
  resume: Payload<'resume'>;
  ask: Payload<'ask'>;
  reply: Payload<'reply'>;
  urge: Payload<'urge'>;
  openSupervision: Payload<'openSupervision'>;
  autoAcknowledge: OnOrder;
  lapseRequest: OnOrder;
  deferDispatch: OnOrder & { cause: DeferralCause; suggestion: DispatchSuggestion | null };
  receiveMerge: OnOrder & { mergedOrderNo: string; saidAgain?: boolean };
}

export type OrderCommandName = keyof OrderCommands;
export type OrderCommand<N extends OrderCommandName = OrderCommandName> = {
  [M in N]: { name: M } & OrderCommands[M];
}[N];

/** As people call them. */
export const COMMAND_NAMES: Record<OrderCommandName, string> = {
  register: '登记',
  answerDirectly: '直接答复',
  refuse: '提请不予受理',
  confirmRefusal: '确认不予受理',
  accept: '受理',
  merge: '并单',
  dispatch: '分拨',
  acknowledge: '签收',
  object: '提出异议',
  confirmObjection: '确认异议',
  upholdObjection: '支持异议',
  overruleObjection: '驳回异议',
  assignFirstReceiver: '指定首接或兜底单位',
  recordContact: '记录联系',
  addProgress: '填写进展',
  assignHandler: '指定经办人',
  escalateLevel: '申请提级',
  confirmEscalation: '确认提级',
  declineProposal: '否决提请',
  redispatchDown: '下派',
  promiseDue: '承诺提前办结',
  requestExtension: '申请延期',
  approveExtension: '同意延期',
  requestSuspension: '申请挂账',
  approveSuspension: '同意挂账',
  cancelRequest: '撤回申请',
  resume: '恢复办理',
  ask: '追问',
  reply: '答复追问',
  urge: '催办',
  openSupervision: '督办',
  autoAcknowledge: '视为签收',
  lapseRequest: '使申请失效',
  deferDispatch: '转人工分拨',
  receiveMerge: '接收并单',
};
