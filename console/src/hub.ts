import { HubClient, HubProblem, type Hub } from '@minqing-hub/client-sdk';
import type {
  CallerHistory,
  CatalogueRow,
  HubError,
  OrderDetail,
  TrailEntry,
  UnitPerson,
  UnitRow,
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

export interface Channel {
  code: string;
  name: string;
}

/** Old orders name units and items that are closed by now, so the lists come with them. */
const WITH_CLOSED = { query: { closed: true } };

export const calls = {
  order: (hub: Hub, orderNo: string) => hub.http.get<OrderDetail>(at(orderNo)),
  trail: (hub: Hub, orderNo: string) => hub.http.get<TrailEntry[]>(`${at(orderNo)}/trail`),
  /** Posted, so that a phone number stands in no address and no log of addresses. */
  callerHistory: (hub: Hub, phone: string, areaCode: string | undefined) =>
    hub.http.post<CallerHistory>('/api/callers/history', { phone, ...(areaCode ? { areaCode } : {}) }),
  units: (hub: Hub) => hub.http.get<UnitRow[]>('/api/units', WITH_CLOSED),
  unitPeople: (hub: Hub, unitId: string) =>
    hub.http.get<UnitPerson[]>(`/api/units/${encodeURIComponent(unitId)}/people`),
  catalogue: (hub: Hub) => hub.http.get<CatalogueRow[]>('/api/catalogue', WITH_CLOSED),
  channels: (hub: Hub) => hub.http.get<Channel[]>('/api/channels'),
};
