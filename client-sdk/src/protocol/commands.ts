import type {
  Grade,
  Kind,
  PolicyValue,
  Presence,
  RequestLabels,
  ResponseLevel,
  Route,
  SkillLevel,
  Visibility,
} from './cards.js';
import type { NoticeReport } from './calendar.js';
import type { IntakeReceipt, IntakeRequest, Requester, Role } from './http.js';
import type { WhistleCommands } from './whistles.js';

interface OnOrder {
  orderNo: string;
}
/** For commands that change an order's state: the version that the caller saw. */
interface ChangesOrder extends OnOrder {
  expectedVersion: number;
}
/** For commands that add to an order: the version counts when it is given. */
interface AddsToOrder extends OnOrder {
  expectedVersion?: number;
}
/** Every command on an order answers with the version after it. */
export interface OrderResult {
  orderNo: string;
  version: number;
}

/** Command name → payload and result. Names are those of the rule book. */
export interface Commands extends WhistleCommands {
  register: {
    /** With `callId` the channel, and the requester's phone, may be left to the call. */
    payload: Omit<IntakeRequest, 'source' | 'sourceId' | 'channel'> & {
      source?: string;
      sourceId?: string;
      channel?: string;
      callId?: string;
    };
    result: IntakeReceipt & { version: number };
  };
  answerDirectly: {
    payload: ChangesOrder & {
      answer: string;
      /** `articleId`, or `articleId@version`; any other code is kept as it is. */
      knowledgeRef?: string;
      solvedOnTheSpot?: boolean;
      evidence?: string;
    };
    /** `warning`: the article that it cites has expired. */
    result: OrderResult & { warning?: 'article_expired' };
  };
  refuse: {
    payload: ChangesOrder & { reasonCode: string; alternativeChannel: string; explanation?: string };
    result: OrderResult;
  };
  confirmRefusal: { payload: ChangesOrder; result: OrderResult };
  accept: {
    payload: ChangesOrder & {
      kind?: Kind;
      grade?: Grade;
      responseLevel?: ResponseLevel;
      route?: Route;
      labels?: Partial<RequestLabels>;
      catalogCode?: string;
      areaCode?: string;
      noPlace?: boolean;
      visibility?: Visibility;
    };
    result: OrderResult;
  };
  merge: { payload: ChangesOrder & { primaryOrderNo: string }; result: OrderResult };
  dispatch: {
    payload: ChangesOrder & { unitId: string; assistUnitIds?: string[]; reason?: string };
    result: OrderResult;
  };
  acknowledge: { payload: ChangesOrder; result: OrderResult };
  object: {
    payload: ChangesOrder & { reasonCode: string; basis: string; proposedUnitId: string };
    result: OrderResult;
  };
  confirmObjection: { payload: ChangesOrder; result: OrderResult };
  upholdObjection: { payload: ChangesOrder & { nextUnitId?: string; reason: string }; result: OrderResult };
  overruleObjection: { payload: ChangesOrder & { reason: string }; result: OrderResult };
  assignFirstReceiver: {
    payload: ChangesOrder & { basis: 'first_receiver' | 'fallback'; reason: string };
    result: OrderResult;
  };
  recordContact: {
    payload: AddsToOrder & {
      channel: 'phone' | 'sms' | 'visit' | 'app' | 'other';
      at: string;
      outcome: 'reached' | 'no_answer' | 'refused' | 'wrong_number';
      summary: string;
    };
    result: OrderResult;
  };
  addProgress: { payload: AddsToOrder & { text: string; public?: boolean }; result: OrderResult };
  assignHandler: { payload: ChangesOrder & { handlerId: string }; result: OrderResult };
  escalateLevel: { payload: ChangesOrder & { toUnitId: string; reason: string }; result: OrderResult };
  confirmEscalation: { payload: ChangesOrder; result: OrderResult };
  /** Whoever could confirm what an order awaits says no instead, in 2 to 500 characters. */
  declineProposal: { payload: ChangesOrder & { reason: string }; result: OrderResult };
  redispatchDown: { payload: ChangesOrder & { unitId: string }; result: OrderResult };
  /** An earlier end of the handling than its limit; `dueOn`: the last day, `YYYY-MM-DD`. */
  promiseDue: { payload: ChangesOrder & { dueOn: string }; result: OrderResult };
  /** `extra`: in the basis of the handling limit, hours for one by the clock, else days. */
  requestExtension: { payload: ChangesOrder & { extra: number; reason: string }; result: OrderResult };
  /** First by the unit's deputy leader, then by the desk, which alone makes it hold. No: `declineProposal`. */
  approveExtension: { payload: ChangesOrder; result: OrderResult };
  /** `until`: the last day of the suspension, `YYYY-MM-DD`. */
  requestSuspension: {
    payload: ChangesOrder & { reasonCode: string; until: string; reason: string };
    result: OrderResult;
  };
  approveSuspension: { payload: ChangesOrder; result: OrderResult };
  /** The unit takes back what it asked for, more time or a suspension, before the desk has decided. */
  cancelRequest: { payload: ChangesOrder; result: OrderResult };
  resume: { payload: ChangesOrder & { reason?: string }; result: OrderResult };
  ask: { payload: AddsToOrder & { text: string }; result: OrderResult };
  reply: { payload: AddsToOrder & { text: string }; result: OrderResult };
  urge: { payload: AddsToOrder & { text: string }; result: OrderResult };
  openSupervision: {
    payload: AddsToOrder & { kind: 'routine' | 'special' | 'dual'; reason: string };
    result: OrderResult;
  };

  /** From offline it also signs on at the actor's own seat. `listenTo` goes with `training` alone. */
  setPresence: { payload: { presence: Presence; listenTo?: string }; result: { presence: Presence } };
  /** Without `seatId` at the rostered, else the own seat. `takeOver`: although somebody is there, or the actor at another seat. */
  signOn: {
    payload: { seatId?: string; takeOver?: boolean };
    result: { seatId: string; shiftId: string | null; shiftEndsAt: number | null };
  };
  signOff: { payload: object; result: { seatId: string } };
  /** 1 to 240 minutes beyond the end of the shift. */
  stayOn: { payload: { minutes: number }; result: { shiftEndsAt: number } };
  claimItem: { payload: { itemId: string }; result: { itemId: string; orderNo: string | null } };
  returnItem: { payload: { itemId: string; reason?: string }; result: { itemId: string } };

  /** What a shift leader does on the floor. */
  setSkills: { payload: { userId: string; skills: SkillLevel[] }; result: { userId: string } };
  forceAssign: { payload: { itemId: string; seatId: string }; result: { itemId: string } };
  takeBack: { payload: { itemId: string; reason?: string }; result: { itemId: string } };
  messageSeat: { payload: { seatId: string; text: string }; result: { messageId: string } };
  signOffSeat: { payload: { seatId: string; reason?: string }; result: { seatId: string } };

  /** `dueAt`: ISO 8601. Whom to call comes from the order, the call, or `phone`. */
  scheduleCallback: {
    payload: { orderNo?: string; callId?: string; phone?: string; dueAt: string; reason?: string };
    /** `dueAt`: ms UTC, within the hours in which people are called. */
    result: { callbackId: string; dueAt: number };
  };
  recordCallback: {
    payload: {
      callbackId: string;
      outcome: 'reached' | 'no_answer' | 'wrong_number' | 'not_needed';
      note?: string;
      /** ISO 8601; when nobody answered. Without it by policy. */
      nextAt?: string;
    };
    result: { callbackId: string; nextAt: number | null };
  };
  transferCall: {
    payload: { callId?: string; orderNo?: string; to: '110' | '119' | '120' | '122'; note?: string };
    result: { contactId: string };
  };
  logWrongNumber: { payload: { callId?: string; note?: string }; result: { contactId: string } };

  /** Without `articleId` a new article; with it the next version of that one. */
  publishArticle: {
    payload: {
      articleId?: string;
      expectedVersion?: number;
      title: string;
      text: string;
      /** Where it was taken from: a document's number, a page's address. */
      source: string;
      ownerUnitId: string;
      catalogCodes?: string[];
      /** ISO 8601; absent: it does not expire. */
      expiresAt?: string;
    };
    result: { articleId: string; version: number };
  };
  retireArticle: {
    payload: { articleId: string; expectedVersion: number; reason: string };
    result: { articleId: string };
  };

  viewRequester: {
    payload: { orderNo: string; purpose: string };
    result: Requester & { address?: string };
  };
  /** The caller's number, for who has the call; the number to be called, for who holds the call-back. */
  viewCaller: { payload: { callId: string; purpose: string }; result: { phone: string | null } };
  viewCallee: { payload: { callbackId: string; purpose: string }; result: { phone: string | null } };
  changeRights: {
    payload: { userId: string; roles: Role[]; unitId?: string | null; seatId?: string | null; active?: boolean };
    result: { userId: string };
  };
  createApiKey: { payload: { source: string; label: string }; result: { keyId: string; apiKey: string } };
  revokeApiKey: { payload: { keyId: string }; result: { keyId: string } };
  settleListGap: { payload: { gapId: string; note: string }; result: { gapId: string } };
  /**
   * Without `effectiveAt` (ISO 8601) at once. `unit`: of a limit (`min`, `h`, `day`, `workday`), where it changes. `recalculate`: what runs already is counted anew with it, too. `version`: of
   * the whole policy, once the change is in force; `null` while it is planned.
   */
  changePolicy: {
    payload: {
      key: string;
      value: PolicyValue;
      unit?: string;
      effectiveAt?: string;
      reason: string;
      recalculate?: boolean;
    };
    result: { changeId: string; effectiveAt: number; version: number | null };
  };
  withdrawPolicyChange: { payload: { changeId: string; reason: string }; result: { changeId: string } };
  /**
   * The notice of days off and worked of one or more years, the text of a file in one of the forms of `NoticeForm`.
   * `source`: its address or title, unless the file names one; `year`: the only year that it may be of.
   */
  importHolidayNotice: { payload: { text: string; source?: string; year?: number }; result: NoticeReport };
  /** Only where the hub's time is virtual. 1 second to 400 days; `now`: the hub's time after it, ms UTC. */
  advanceTime: { payload: { seconds: number }; result: { now: number } };
}

export type CommandName = keyof Commands;
export type CommandPayload<N extends CommandName> = Commands[N]['payload'];
export type CommandResult<N extends CommandName> = Commands[N]['result'];
