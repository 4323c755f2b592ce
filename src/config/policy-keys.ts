/** What a policy value may be. Values, units, defaults and sentences are data: `config/policy.json`. */
export type PolicyForm =
  | { kind: 'number'; min: number; max: number }
  /** How long something may take: its unit says in what basis, hours and minutes by the clock, days, or workdays. */
  | { kind: 'limit'; min: number; most: Readonly<Record<keyof typeof LONGEST, number>> }
  | { kind: 'choice'; options: readonly string[] };

/** Each unit's own: as in `domain/clock/longest-limit.ts`, that this folder may not know. */
const LONGEST = { min: 43_200, h: 8_760, day: 1_000, workday: 1_000 } as const;

const number = (min: number, max: number) => ({ kind: 'number', min, max }) as const;
const limit = () => ({ kind: 'limit', min: 0, most: LONGEST }) as const;
const choice = <const O extends readonly string[]>(...options: O) => ({ kind: 'choice', options }) as const;

/** Every policy that the code asks for, and the bounds within which a city may tune it. A new one needs a line here and its entry in `config/policy.json`. */
export const POLICY_KEYS = {
  'accept.limit.urgent': limit(),
  'accept.limit.other': limit(),
  'ack.atBreach': choice('acknowledge', 'none'),
  'ack.limit.urgent': limit(),
  'ack.limit.fast': limit(),
  'ack.limit.normal': limit(),
  'alarm.horizonSeconds': number(1, 86_400),
  'arbitration.atBreach': choice('first_receiver', 'none'),
  'arbitration.limit.urgent': limit(),
  'arbitration.limit.fast': limit(),
  'arbitration.limit.normal': limit(),
  'break.maxMinutes': number(1, 240),
  'break.mostPerShift': number(0, 100),
  'break.mostShareAway': number(0, 1),
  'break.notLastMinutes': number(0, 480),
  'call.afterMinutes': number(0, 1_440),
  'call.answerSeconds': number(1, 300),
  'call.longestMinutes': number(1, 1_440),
  'callback.afterMissed': choice('on', 'off'),
  'callback.fromHour': number(0, 12),
  'callback.limitMinutes': number(1, 10_080),
  'callback.mostAttempts': number(1, 20),
  'callback.mostDaysAhead': number(1, 400),
  'callback.retryMinutes': number(1, 10_080),
  'callback.toHour': number(13, 24),
  'caller.neighbourhoodDays': number(1, 365),
  'clock.amber.minutes': number(0, 1_440),
  'clock.amber.share': number(0, 1),
  'clock.atOnceSeconds': number(0, 3_600),
  'contact.limit': limit(),
  'contact.quiet.amberMinutes': number(0, 720),
  'contact.quiet.fromHour': number(12, 24),
  'contact.quiet.toHour': number(0, 12),
  'contact.start': choice('dispatched', 'registered'),
  'contact.unreachable.apartMinutes': number(0, 1_440),
  'contact.unreachable.attempts': number(1, 20),
  'contact.unreachable.bands': number(1, 3),
  'contact.unreachable.message': choice('required', 'not_required'),
  'dispatch.confidence.fallbackUnit': number(0, 1),
  'dispatch.confidence.passedOver': number(0, 1),
  'dispatch.confidence.widerMatter': number(0, 1),
  'dispatch.confidenceGate': number(0, 1),
  'dispatch.fast.includesHandling': choice('off', 'on'),
  'dispatch.limit.escalation': number(1, 43_200),
  'dispatch.limit.urgent': number(1, 43_200),
  'dispatch.limit.fast': number(1, 43_200),
  'dispatch.limit.normal': number(1, 43_200),
  'extension.deskMinutes': number(1, 43_200),
  'extension.maxCount': number(0, 100),
  'extension.maxShare': number(0, 100),
  'evaluation.window': limit(),
  'goaway.spreadSeconds': number(1, 60),
  'handling.limit.complaint': limit(),
  'handling.limit.consultation': limit(),
  'handling.limit.emergency': limit(),
  'handling.limit.expedited': limit(),
  'handling.limit.fast': limit(),
  'handling.limit.resolution': limit(),
  'handling.limit.simple': limit(),
  'handling.limit.suggestion': limit(),
  'handling.signWithin': number(0, 30),
  'handling.target.simple': number(1, 365),
  'intake.clockSkewSeconds': number(0, 3_600),
  'lists.chunkRows': number(1, 500),
  'lists.leaseSeconds': number(5, 3_600),
  'lists.maxBytes': number(1_024, 1_073_741_824),
  'lists.maxDepth': number(3, 20),
  'lists.maxRows': number(1, 2_000_000),
  'login.atOncePerAddress': number(10, 10_000),
  'login.failuresPerAccount': number(3, 1_000),
  'login.failuresPerAddress': number(3, 100_000),
  'login.failuresPerPair': number(3, 1_000),
  'login.windowMinutes': number(1, 1_440),
  'node.leaseSeconds': number(3, 300),
  'notice.keepHours': number(1, 8_760),
  'notice.mostAttempts': number(1, 100),
  'notice.retryMinutes': number(1, 1_440),
  'notice.timeoutSeconds': number(1, 120),
  'objection.confirmation': choice('deputy_leader', 'none'),
  'objection.limit.urgent': limit(),
  'objection.limit.fast': limit(),
  'objection.limit.normal': limit(),
  'offer.seconds': number(1, 600),
  'password.minLength': number(8, 64),
  'policy.mostDaysAhead': number(1, 3_660),
  'rework.limit': limit(),
  'roster.mostDaysAhead': number(1, 400),
  'routing.missPauseSeconds': number(0, 3_600),
  'routing.patienceMinutes': number(1, 10_080),
  'routing.relax.levels': number(1, 5),
  'routing.relax.stepSeconds': number(1, 3_600),
  'routing.returnPauseSeconds': number(0, 3_600),
  'queue.atRiskMinutes': number(0, 1_440),
  'queue.atRiskShare': number(0, 1),
  'queue.firstItems': number(1, 200),
  'seat.capacity': number(1, 20),
  'seat.capacity.arbitration': number(1, 20),
  'seat.capacity.callback': number(1, 20),
  'seat.capacity.dispatch': number(1, 20),
  'seat.capacity.register': number(1, 20),
  'seat.graceSeconds': number(1, 600),
  'wrapUp.seconds': number(1, 3_600),
  'shift.earlyMinutes': number(0, 240),
  'shift.graceMinutes': number(0, 120),
  'shift.handover': choice('next_seat', 'head'),
  'shift.mostHandedOver': number(1, 50),
  'shift.mostStayMinutes': number(0, 240),
  'shift.withoutRoster': choice('allow', 'refuse'),
  'suspension.deskMinutes': number(1, 43_200),
  'suspension.maxCount': number(0, 100),
  'suspension.maxDays': number(1, 3_650),
  'users.maxRows': number(100, 20_000),
} as const satisfies Record<string, PolicyForm>;

export type PolicyKey = keyof typeof POLICY_KEYS;
type KeyOf<K extends PolicyForm['kind']> = {
  [N in PolicyKey]: (typeof POLICY_KEYS)[N] extends { kind: K } ? N : never;
}[PolicyKey];

export type NumberKey = KeyOf<'number'>;
export type LimitKey = KeyOf<'limit'>;
export type ChoiceKey = KeyOf<'choice'>;
export type Choice<N extends ChoiceKey> = (typeof POLICY_KEYS)[N]['options'][number];
