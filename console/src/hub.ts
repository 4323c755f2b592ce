import { HubClient, HubProblem, type Hub } from '@minqing-hub/client-sdk';
import type {
  Actor,
  Article,
  ArticlePage,
  CallbackDetail,
  CallDetail,
  CallerHistory,
  CallMeasure,
  CatalogueRow,
  CitizenNotice,
  FloorCallPage,
  FloorItemPage,
  FloorMeasure,
  FloorSeat,
  HubError,
  OrderDetail,
  OwnShift,
  PolicyDetail,
  PolicyHistoryEntry,
  QueueId,
  SeatMeasure,
  SeatMessage,
  Session,
  TimelineEntry,
  TrailEntry,
  UnitPerson,
  UnitRow,
  WhistleDetail,
  WhistleMessages,
} from '@minqing-hub/client-sdk/protocol';

export type { Connection, Hub, RoomHandle, RoomState } from '@minqing-hub/client-sdk';

/** The one place where the consoles take hold of the SDK: the connection of this page, and the calls they make over HTTP. */
export const openHub = (): Hub => new HubClient({ storage: window.sessionStorage });

/** Whatever went wrong, in words that can be shown. */
export function errorOf(failure: unknown): HubError {
  if (failure instanceof HubProblem) return failure;
  return { code: 'internal', message: '页面自身出错，请刷新后重试' };
}

const at = (orderNo: string) => `/api/orders/${encodeURIComponent(orderNo)}`;
const id = encodeURIComponent;

export interface Channel {
  code: string;
  name: string;
}

/** A number of the floor: what is counted in a queue, or at a seat. */
export type FloorNumber = { queueId: QueueId; measure: FloorMeasure } | { seatId: string; measure: SeatMeasure };

/** Old orders name units and items that are closed by now, so the lists come with them. */
const WITH_CLOSED = { query: { closed: true } };

export const calls = {
  order: (hub: Hub, orderNo: string) => hub.http.get<OrderDetail>(at(orderNo)),
  notices: (hub: Hub, orderNo: string) => hub.http.get<CitizenNotice[]>(`${at(orderNo)}/notices`),
  trail: (hub: Hub, orderNo: string) => hub.http.get<TrailEntry[]>(`${at(orderNo)}/trail`),
  /** Posted, so that a phone number stands in no address and no log of addresses. */
  callerHistory: (hub: Hub, phone: string, areaCode: string | undefined) =>
    hub.http.post<CallerHistory>('/api/callers/history', { phone, ...(areaCode ? { areaCode } : {}) }),
  whistle: (hub: Hub, whistleNo: string) => hub.http.get<WhistleDetail>(`/api/whistles/${id(whistleNo)}`),
  whistleMessages: (hub: Hub, whistleNo: string) =>
    hub.http.get<WhistleMessages>(`/api/whistles/${id(whistleNo)}/messages`),
  units: (hub: Hub) => hub.http.get<UnitRow[]>('/api/units', WITH_CLOSED),
  unitPeople: (hub: Hub, unitId: string) =>
    hub.http.get<UnitPerson[]>(`/api/units/${encodeURIComponent(unitId)}/people`),
  catalogue: (hub: Hub) => hub.http.get<CatalogueRow[]>('/api/catalogue', WITH_CLOSED),
  channels: (hub: Hub) => hub.http.get<Channel[]>('/api/channels'),
  /** Who is logged in, as they are by now: rights and seat change while a page is open. */
  whoAmI: async (hub: Hub): Promise<Actor> => (await hub.http.post<Session>('/api/auth/refresh', {})).actor,
  ownShifts: (hub: Hub) => hub.http.get<OwnShift[]>('/api/shifts/own'),
  seatMessages: (hub: Hub, seatId: string) => hub.http.get<SeatMessage[]>(`/api/seats/${id(seatId)}/messages`),
  call: (hub: Hub, callId: string) => hub.http.get<CallDetail>(`/api/calls/${id(callId)}`),
  callHistory: (hub: Hub, callId: string, areaCode: string | undefined) =>
    hub.http.get<CallerHistory>(`/api/calls/${id(callId)}/history`, { query: { areaCode } }),
  callback: (hub: Hub, callbackId: string) => hub.http.get<CallbackDetail>(`/api/callbacks/${id(callbackId)}`),
  knowledge: (hub: Hub, q: string, cursor: string | null = null) =>
    hub.http.get<ArticlePage>('/api/knowledge', { query: { q, limit: 10, cursor } }),
  article: (hub: Hub, articleId: string, version?: number) =>
    hub.http.get<Article>(`/api/knowledge/${id(articleId)}`, { query: { version } }),
  floorItems: (hub: Hub, number: FloorNumber, cursor: string | null = null) =>
    hub.http.get<FloorItemPage>('/api/floor/items', { query: { ...number, cursor, limit: 50 } }),
  floorCalls: (hub: Hub, measure: CallMeasure, cursor: string | null = null) =>
    hub.http.get<FloorCallPage>('/api/floor/calls', { query: { measure, cursor, limit: 50 } }),
  floorSeats: (hub: Hub) => hub.http.get<FloorSeat[]>('/api/floor/seats'),
  policy: (hub: Hub) => hub.http.get<PolicyDetail[]>('/api/policy'),
  policyHistory: (hub: Hub, key: string) => hub.http.get<PolicyHistoryEntry[]>(`/api/policy/${id(key)}/history`),
  timeline: (hub: Hub, seatId: string) => hub.http.get<TimelineEntry[]>(`/api/floor/seats/${id(seatId)}/timeline`),
};
