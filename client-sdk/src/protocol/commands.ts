import type { Grade, Kind, Presence, RequestLabels, ResponseLevel, Route, Visibility } from './cards.js';
import type { IntakeReceipt, IntakeRequest, Requester, Role } from './http.js';

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
export interface Commands {
  register: {
    payload: Omit<IntakeRequest, 'source' | 'sourceId'> & { source?: string; sourceId?: string };
    result: IntakeReceipt & { version: number };
  };
  answerDirectly: {
    payload: ChangesOrder & { answer: string; knowledgeRef?: string; solvedOnTheSpot?: boolean; evidence?: string };
    result: OrderResult;
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
  ask: { payload: AddsToOrder & { text: string }; result: OrderResult };
  reply: { payload: AddsToOrder & { text: string }; result: OrderResult };
  urge: { payload: AddsToOrder & { text: string }; result: OrderResult };
  openSupervision: {
    payload: AddsToOrder & { kind: 'routine' | 'special' | 'dual'; reason: string };
    result: OrderResult;
  };

  setPresence: { payload: { presence: Presence }; result: { presence: Presence } };
  claimItem: { payload: { itemId: string }; result: { itemId: string; orderNo: string } };
  returnItem: { payload: { itemId: string; reason?: string }; result: { itemId: string } };

  viewRequester: {
    payload: { orderNo: string; purpose: string };
    result: Requester & { address?: string };
  };
  changeRights: {
    payload: { userId: string; roles: Role[]; unitId?: string | null; seatId?: string | null; active?: boolean };
    result: { userId: string };
  };
  createApiKey: { payload: { source: string; label: string }; result: { keyId: string; apiKey: string } };
  revokeApiKey: { payload: { keyId: string }; result: { keyId: string } };
  settleListGap: { payload: { gapId: string; note: string }; result: { gapId: string } };
  /** Only where the hub's time is virtual. 1 second to 400 days; `now`: the hub's time after it, ms UTC. */
  advanceTime: { payload: { seconds: number }; result: { now: number } };
}

export type CommandName = keyof Commands;
export type CommandPayload<N extends CommandName> = Commands[N]['payload'];
export type CommandResult<N extends CommandName> = Commands[N]['result'];
