import type {
  AwaitedConfirmation,
  CallMeasure,
  CitizenNotice,
  ClockName,
  ClockSignal,
  EventType,
  FloorMeasure,
  Grade,
  Kind,
  LimitSource,
  NoticeTemplate,
  OrderStage,
  OrderStandard,
  Presence,
  QueueId,
  RequestLabels,
  ResponseLevel,
  Role,
  Route,
  SeatMeasure,
  Visibility,
  ParticipantStage,
  ReportInMode,
  TaskStage,
  WhistleStage,
  WhistleType,
} from '@minqing-hub/client-sdk/protocol';

/** The Chinese names of the wire's codes. A code without a name is shown as it is: better odd than wrong. */
export const kindWords: Record<Kind, string> = {
  consultation: '咨询',
  suggestion: '建议',
  resolution: '求决',
  complaint: '投诉',
};

export const gradeWords: Record<Grade, string> = { urgent: '紧急', fast: '快速', normal: '一般' };

export const responseWords: Record<ResponseLevel, string> = {
  critical: '极急',
  expedited: '急办',
  routine: '常规',
  disputed: '争议',
};

export const routeWords: Record<Route, string> = {
  simple: '简单即办',
  coordination: '复杂协调',
  emergency: '应急处突',
};

export const visibilityWords: Record<Visibility, string> = { public: '公开', internal: '内部', confidential: '保密' };

export const stabilityWords: Record<RequestLabels['stability'], string> = {
  none: '不涉稳',
  personal: '个人纠纷',
  group: '群体诉求',
};

export const stageWords: Record<OrderStage, string> = {
  registered: '待受理',
  pending_dispatch: '待分拨',
  pending_ack: '待签收',
  under_arbitration: '裁决中',
  handling: '办理中',
  suspended: '已挂账',
  pending_review: '待会签',
  pending_evaluation: '待评价',
  closed: '已结案',
  archived: '已归档',
  answered: '已直接答复',
  refused: '不予受理',
  merged: '已并单',
  withdrawn: '已撤回',
  terminated: '已依法终结',
};

/** Of a handling standard, as the list's own columns call them. */
export const procedureWords: Record<OrderStandard['procedureType'], string> = {
  simple: '简易流程',
  standard: '标准流程',
  special: '特殊流程',
};
export const limitBasisWords: Record<OrderStandard['limitBasis'], string> = {
  hours: '小时',
  days: '个自然日',
  workdays: '个工作日',
};
export const bindingnessWords: Record<OrderStandard['bindingness'], string> = {
  mandatory: '强制',
  recommended: '推荐',
  local: '个性化',
};

export const awaitsWords: Record<AwaitedConfirmation, string> = {
  refusal: '不予受理待确认',
  objection: '异议待确认',
  escalation: '提级待确认',
  extension: '延期待审批',
  suspension: '挂账待审批',
};

/** What may be proposed, and needs a second person. */
export const proposalWords: Record<AwaitedConfirmation, string> = {
  refusal: '不予受理',
  objection: '派单异议',
  escalation: '提级',
  extension: '延期',
  suspension: '挂账',
};

export const presenceWords: Record<Presence, string> = {
  ready: '就绪',
  busy: '忙碌',
  wrap_up: '话后整理',
  break: '小休',
  training: '培训',
  offline: '离线',
};

export const queueWords: Record<QueueId, string> = {
  register: '待受理',
  dispatch: '待分拨',
  arbitration: '待裁决',
  callback: '待回拨',
};

export const measureWords: Record<FloorMeasure | SeatMeasure, string> = {
  waiting: '排队',
  offered: '已派',
  claimed: '处理中',
  at_risk: '将超时',
  breached: '已超时',
  expired: '派单过期',
  held: '手上',
  handled: '本班已办',
};

/** The telephone's numbers, of the last 24 hours. */
export const callMeasureWords: Record<CallMeasure, string> = {
  offered: '来电',
  answered: '接听',
  answered_within_15s: '15 秒内接听',
  abandoned: '未接通',
  transferred: '转紧急专线',
  wrong_numbers: '错号',
};

/** How a piece of work came to a seat. */
export const claimWords: Readonly<Record<string, string>> = {
  offer: '接单',
  pull: '自取',
  brought: '来电自带',
  assigned: '班长指派',
  handed_over: '上一班交接',
};

/** Why a piece of work left a seat, or a seat its person. */
export const returnWords: Readonly<Record<string, string>> = {
  set: '自行切换',
  signed_on: '签入',
  wrap_up_over: '整理时间到',
  call: '来电',
  listening_ended: '旁听结束',
  returned: '自行退回',
  presence: '因状态收回',
  seat_lost: '坐席断线',
  taken_over: '坐席被接管',
  moved: '换到别的坐席',
  rights_changed: '权限变更',
  taken_back: '班长收回',
  shift_ended: '班次结束',
  signed_off: '已签退',
};

/** The dialects and languages of `config/skills.json`; a city's own ones show by their code. */
export const dialectWords: Readonly<Record<string, string>> = {
  kejia: '客家话',
  minnan: '闽南话',
  yue: '粤语',
  wu: '吴语',
  en: '英语',
};

export const callbackCauseWords = { promised: '约定回拨', missed_call: '来电未接' } as const;

export const callbackOutcomeWords = {
  reached: '已联系上',
  no_answer: '无人接听',
  wrong_number: '号码有误',
  not_needed: '无须回拨',
} as const;

export const emergencyLines = {
  '110': '110 报警',
  '119': '119 消防',
  '120': '120 急救',
  '122': '122 交通事故',
} as const;

/** The rule book's clocks. */
export const clockNames: Record<ClockName, string> = {
  ACCEPT: '受理',
  DISPATCH: '分拨',
  ACK: '签收',
  OBJECTION: '异议期',
  CONTACT_UNIT: '首次联系 · 单位',
  CONTACT_CITIZEN: '首次联系 · 诉求人',
  HANDLING: '办理',
  MEETING: '会商',
  REPORT_IN: '报到',
  TASK: '任务',
  ARBITRATION: '裁决',
  EVALUATION: '评价',
  REWORK: '重办',
  WARNING_ACK: '预警签收',
  RECTIFICATION: '整改',
  MILESTONE: '节点',
  ALERT_ACK: '风险签收',
};

/** Where there is little room; `one`: both contacts are one call. */
export function clockShortName(clock: ClockName, one: boolean): string {
  if (clock !== 'CONTACT_UNIT' && clock !== 'CONTACT_CITIZEN') return clockNames[clock] ?? clock;
  if (one) return '联系';
  return clock === 'CONTACT_UNIT' ? '联系·单位' : '联系·诉求人';
}

export const clockSignalWords: Record<ClockSignal, string> = {
  amber: '将到期',
  overdue: '已超时',
  overdue_1wd: '超时满 1 个工作日',
  overdue_3wd: '超时满 3 个工作日',
};

/** Where a limit comes from. */
export const limitSourceWords: Record<LimitSource, string> = {
  policy: '时限策略',
  standard_mandatory: '实施清单 · 强制标准',
  standard_recommended: '实施清单 · 推荐标准',
  standard_local: '实施清单 · 个性化标准',
  route: '简单即办流程',
  class: '诉求类别',
  level: '响应级别（应急、急办）',
  promised: '本单位承诺',
  plan: '会商定责',
};

export const whistleTypeWords: Record<WhistleType, string> = {
  key_problem: '重点难题',
  joint_enforcement: '联合执法',
  emergency: '应急处置',
};

export const whistleStageWords: Record<WhistleStage, string> = {
  blown: '待会商',
  convened: '已会商定责',
  executing: '协同办理中',
  pending_acceptance: '待验收',
  released: '已销哨',
  escalated: '已提级，待会商',
  declined: '已退回',
  withdrawn: '已撤回',
};

export const participantWords: Record<ParticipantStage, string> = {
  summoned: '待报到',
  absent: '未按时报到',
  refused: '提出不报到，待裁决',
  excused: '不需参加',
  reported_in: '已报到',
  tasked: '有任务在办',
  task_done: '任务已完成',
  rated: '已评价',
};

export const reportInWords: Record<ReportInMode, string> = { on_site: '现场报到', online: '线上报到' };

export const taskStageWords: Record<TaskStage, string> = {
  open: '未开始',
  started: '在办',
  done: '已完成',
  waived: '已免除',
};

export const whistleBasisWords = {
  beyond_powers: '超出本级职权',
  several_departments: '涉及多个部门职责',
  joint_enforcement_needed: '需要综合执法',
  public_safety: '危及公共安全',
} as const;

export const supervisionWords = { none: '', urged: '已催办', routine: '督办', special: '专项督办', dual: '双督办' };

export const channelWords: Record<string, string> = {
  phone: '电话',
  hotline: '热线电话',
  '12345': '12345 热线',
  wechat: '微信',
  app: '移动客户端',
  web: '网络平台',
  counter: '服务窗口',
  grid: '网格上报',
  letter: '来信',
  visit: '来访',
};

export const roleWords: Record<Role, string> = {
  agent: '坐席',
  shift_leader: '班长',
  dispatcher: '分拨员',
  arbiter: '裁决员',
  list_admin: '清单管理员',
  unit_clerk: '联络员',
  handler: '办理人',
  deputy_leader: '分管领导',
  principal_leader: '主要领导',
  street_officer: '街道吹哨员',
  grid_worker: '网格员',
  follow_up_agent: '回访员',
  assessor: '考核员',
  supervisor: '监督员',
  petition_officer: '信访干部',
  district_leader: '区领导',
  auditor: '审计员',
  policy_admin: '策略管理员',
  legal_reviewer: '法制审核员',
  political_legal_officer: '政法委干部',
  village_worker: '村社区快处站',
  party_member: '党员',
  channel_adapter: '渠道接入',
  system: '系统',
};

export const contactChannelWords = { phone: '电话', sms: '短信', visit: '上门', app: '客户端', other: '其他' } as const;

export const contactOutcomeWords = {
  reached: '已联系上',
  no_answer: '无人接听',
  refused: '拒绝沟通',
  wrong_number: '号码有误',
} as const;

/** Not every event has a name here: the hub may know newer ones. */
export const eventWords: Partial<Record<EventType, string>> = {
  'order.registered': '登记',
  'order.answered': '直接答复',
  'order.refusal_proposed': '拟不予受理',
  'order.refused': '不予受理',
  'order.accepted': '受理',
  'order.merged': '并入主单',
  'order.merge_received': '并入他单',
  'order.dispatch_deferred': '转人工分拨',
  'order.dispatched': '分拨',
  'order.acknowledged': '签收',
  'order.objection_proposed': '拟提异议',
  'order.objected': '提出异议',
  'order.objection_upheld': '支持异议',
  'order.force_assigned': '裁定承办',
  'order.contacted': '已联系诉求人',
  'order.contact_failed': '联系未成功',
  'order.progressed': '阶段反馈',
  'order.handler_changed': '指定办理人',
  'order.escalation_proposed': '拟提级',
  'order.level_escalated': '提级',
  'order.proposal_declined': '提请未获同意',
  'order.auto_acknowledged': '超时视为签收',
  'order.due_promised': '承诺提前办结',
  'order.extension_requested': '申请延期',
  'order.extension_endorsed': '分管领导同意延期',
  'order.extended': '延期',
  'order.suspension_requested': '申请挂账',
  'order.suspension_endorsed': '分管领导同意挂账',
  'order.suspended': '挂账',
  'order.request_cancelled': '撤回申请',
  'order.resumed': '恢复办理',
  'order.citizen_asked': '诉求人追问',
  'order.citizen_replied': '回复诉求人',
  'order.urged': '催办',
  'order.readers_changed': '可见单位随单位清单调整',
  'supervision.opened': '督办',
  'deadline.started': '开始计时',
  'deadline.amber': '时限将到',
  'deadline.overdue': '超时',
  'deadline.met': '计时结束',
  'deadline.stopped': '不再计时',
  'deadline.paused': '暂停计时',
  'deadline.resumed': '恢复计时',
  'deadline.recalculated': '时限调整',
  'queue.item_queued': '进入队列',
  'queue.item_offered': '派给坐席',
  'queue.item_claimed': '坐席接单',
  'queue.item_returned': '退回队列',
  'queue.item_expired': '无人接单，退回队列',
  'queue.item_due_changed': '时限调整，重新排序',
  'queue.item_done': '离开队列',
  'seat.presence_changed': '状态',
  'seat.shift_started': '签入',
  'seat.shift_extended': '续班',
  'seat.shift_ended': '签退',
  'seat.break_overrun': '小休超时',
  'seat.skills_changed': '技能调整',
  'seat.listening_started': '开始旁听',
  'seat.listening_ended': '结束旁听',
  'seat.message_sent': '班长留言',
  'call.offered': '来电振铃',
  'call.answered': '接听来电',
  'call.abandoned': '来电未接通',
  'call.hung_up': '通话结束',
  'call.transferred': '转接紧急电话',
  'call.wrong_number': '误拨',
  'callback.scheduled': '预约回拨',
  'callback.due': '到了回拨时间',
  'callback.attempted': '回拨一次',
  'callback.done': '回拨完成',
  'article.published': '知识条目发布',
  'article.retired': '知识条目停用',
  'roster.imported': '班表导入',
  'lists.gap_opened': '发现清单缺口',
  'lists.gap_joined': '又有工单遇到清单缺口',
  'lists.gap_settled': '清单缺口已处理',
  'lists.activated': '清单新版生效',
  'identity.rights_changed': '权限变更',
  'requester.identity.viewed': '查看诉求人信息',
  'identity.password_changed': '更换密码',
};

export interface Choice {
  value: string;
  label: string;
}

export const choices = (words: Readonly<Record<string, string>>): Choice[] =>
  Object.entries(words).map(([value, label]) => ({ value, label }));

/** Reasons to object to a dispatch (OB1): the code goes into the order, the basis is the unit's own sentence. */
export const objectionReasons: Choice[] = [
  { value: 'not_in_duty_list', label: '不在本单位职责清单内' },
  { value: 'other_area', label: '不在本单位辖区' },
  { value: 'other_level', label: '应由其他层级承办' },
  { value: 'law_assigns_other', label: '法规规定由其他单位承办' },
  { value: 'already_handled', label: '他单位已在办理同一事项' },
];

/** Why nothing can be done for a while (T18). */
export const suspensionReasons = {
  third_party: '须第三方先处理',
  project_approval: '待立项或资金',
  season_or_weather: '受季节天气限制',
  legal_proceedings: '待司法或复议结果',
  requester_absent: '诉求人暂不便',
  policy_pending: '政策调整中',
} as const;

export const noticeWords: Record<NoticeTemplate, string> = {
  accepted: '受理告知',
  dispatched: '转办告知',
  extended: '延期告知',
  suspended: '挂账告知',
  resumed: '恢复告知',
};

/** Why a notice will not be sent any more. */
export const noticeFailureWords: Record<NonNullable<CitizenNotice['failure']>, string> = {
  no_address: '没有号码',
  refused: '网关拒收',
  unanswered: '网关无应答',
  expired: '过期未发',
};

export const refusalReasons: Choice[] = [
  { value: 'outside_scope', label: '不属于受理范围' },
  { value: 'in_litigation', label: '已进入诉讼、仲裁或复议' },
  { value: 'in_petition', label: '信访事项正在办理' },
  { value: 'false_report', label: '内容不实' },
  { value: 'too_vague', label: '表述不清且无法核实' },
  { value: 'duplicate', label: '同一诉求正在办理' },
];

/** Where somebody is sent instead: told to them in these words. */
export const refusalChannels: Choice[] = [
  '110 报警',
  '119 消防',
  '120 急救',
  '人民法院',
  '仲裁机构',
  '行政复议机关',
  '信访部门',
  '物业服务企业',
  '其他渠道',
].map((name) => ({ value: name, label: name }));

export const viewPurposes: Choice[] = [
  { value: '联系诉求人核实情况', label: '联系诉求人核实情况' },
  { value: '回访办理结果', label: '回访办理结果' },
  { value: '上门处置需要地址', label: '上门处置需要地址' },
];
