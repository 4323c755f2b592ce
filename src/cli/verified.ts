/** What one of the checks found; `first` tells some of it, as sentences. */
export interface Findings {
  findings: number;
  first: readonly { kind: FindingKind; sentence: string }[];
}

/** Something does not agree: neither a failure of the check itself (1) nor a wrong call (2). */
export const FOUND_EXIT_CODE = 3;

/** What was found, and what to do about it. Nothing here is mended by the hub: it would hide what happened. */
const WHAT_TO_DO = {
  place:
    '日志缺位或多出事件：有人直接改过数据库，或数据库文件损坏。停用直接改库的账号，留存现状，用最近一份校验相符的备份对照',
  hash: '先确认密钥是原来的（HUB_AUDIT_KEY 或 secrets.json）；密钥无误，则该事件被直接改动过：留存现状，用备份中的同一事件对照',
  head: '日志被截短或整段换过：用早于所记时间的备份对照。正常恢复请用 npm run restore，它会留下记录，不会报此项',
  offset: '控制台据以追赶的索引与日志不符，日志本身可能无误：让有关人员重新打开控制台；再次出现请连同这份结果报告',
  card: '控制台看到的卡片与日志不符，以日志为准：查看该工单的经过（/api/orders/编号/trail），并连同这份结果报告',
  order: '工单的记录与日志不符，以日志为准：查看该工单的经过（/api/orders/编号/trail）；有人直接改过库，或请报告',
  whistle: '哨单的记录与日志不符，以日志为准：查看该哨单的经过（/api/whistles/编号/trail）；有人直接改过库，或请报告',
  clock: '时限的记录与日志不符：该工单的时限可能早响、晚响或不响，先由人盯办，并连同这份结果报告',
  floor: '队列或座席的记录与日志不符：核对有关座席手中的工作；重启一个节点后仍有，请连同这份结果报告',
} as const;

export type FindingKind = keyof typeof WHAT_TO_DO;

/** All that was found, kind by kind, each with what to do, as lines. */
export function told(all: readonly Findings[]): string[] {
  const first = all.flatMap((one) => one.first);
  const kinds = (Object.keys(WHAT_TO_DO) as FindingKind[]).filter((kind) => first.some((one) => one.kind === kind));
  const lines = kinds.flatMap((kind) => [
    ...first.filter((one) => one.kind === kind).map(({ sentence }) => `[${kind}] ${sentence}`),
    `  → ${WHAT_TO_DO[kind]}`,
  ]);
  const hidden = count(all) - first.length;
  return hidden > 0 ? [...lines, `……另有 ${hidden} 处`] : lines;
}

export const count = (all: readonly Findings[]): number => all.reduce((sum, { findings }) => sum + findings, 0);

/** Sentences of a check that has but one kind. */
export const ofKind = (kind: FindingKind, { findings, first }: { findings: number; first: readonly string[] }) => ({
  findings,
  first: first.map((sentence) => ({ kind, sentence })),
});
