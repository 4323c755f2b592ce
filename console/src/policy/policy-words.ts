import type { PolicyDetail, PolicyValue } from '@minqing-hub/client-sdk/protocol';

/** What the first part of a key is about. One without a name is shown as it is. */
const groupWords: Readonly<Record<string, string>> = {
  accept: '受理',
  ack: '签收',
  alarm: '闹钟',
  arbitration: '裁决',
  break: '小休',
  call: '来电',
  callback: '回拨',
  caller: '来电人',
  clock: '计时提醒',
  contact: '首次联系',
  dispatch: '分拨',
  evaluation: '评价',
  extension: '延期',
  goaway: '停机重连',
  handling: '办理',
  intake: '登记',
  lists: '清单导入',
  login: '登录',
  node: '枢纽节点',
  objection: '派单异议',
  offer: '派发到席',
  password: '密码',
  policy: '政策变更',
  queue: '队列',
  rework: '重办',
  roster: '排班',
  routing: '派席规则',
  seat: '坐席',
  shift: '班次',
  suspension: '挂账',
  users: '用户清单',
  wrapUp: '话后整理',
};

/** What a value is counted in; what has no unit of its own (pieces, shares, choices) says nothing. */
export const unitWords: Readonly<Record<string, string>> = {
  ms: '毫秒',
  s: '秒',
  min: '分钟',
  h: '小时',
  day: '天',
  workday: '个工作日',
  count: '',
  ratio: '',
  bytes: '字节',
  choice: '',
};

export const groupOf = (key: string): string => key.split('.')[0] ?? key;
export const groupWord = (group: string): string => groupWords[group] ?? group;

/** 30 分钟 */
export function valueWords(value: PolicyValue, unit: string): string {
  const word = unitWords[unit] ?? unit;
  return word === '' ? String(value) : `${value} ${word}`;
}

/** What a limit may be counted by. */
export const basisWords: Readonly<Record<string, string>> = {
  min: '分钟',
  h: '小时',
  day: '自然日',
  workday: '工作日',
};

/** What may be typed. */
export function formWords(form: PolicyDetail['form'], unit: string): string {
  if (form.kind === 'choice') return form.options.join(' 或 ');
  const most = form.kind === 'limit' ? (form.most[unit] ?? form.max) : form.max;
  const range = `${form.min} 到 ${most} 的${form.kind === 'limit' || form.whole ? '整数' : '数'}`;
  // Of a limit it is chosen beside the number.
  const word = form.kind === 'limit' ? '' : (unitWords[unit] ?? unit);
  return word === '' ? range : `${range}（${word}）`;
}
