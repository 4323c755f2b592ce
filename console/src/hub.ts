import { HubClient, HubProblem, type Hub } from '@minqing-hub/client-sdk';
import type {
  CallerHistory,
  CatalogueRow,
  HubError,
  OrderDetail,
  OrderPage,
  TrailEntry,
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

/** Some lists come bare, some in an envelope that pages have. */
const rowsOf = <T>(answer: T[] | { items: T[] }): T[] => (Array.isArray(answer) ? answer : answer.items);

export const calls = {
  order: (hub: Hub, orderNo: string) => hub.http.get<OrderDetail>(at(orderNo)),
  trail: async (hub: Hub, orderNo: string) =>
    rowsOf(await hub.http.get<TrailEntry[] | { items: TrailEntry[] }>(`${at(orderNo)}/trail`)),
  orders: (hub: Hub, query: Record<string, string | number | undefined>) =>
    hub.http.get<OrderPage>('/api/orders', { query }),
  /** Posted, so that a phone number stands in no address and no log of addresses. */
  callerHistory: (hub: Hub, phone: string, areaCode: string | undefined) =>
    hub.http.post<CallerHistory>('/api/callers/history', { phone, ...(areaCode ? { areaCode } : {}) }),
  units: async (hub: Hub) => rowsOf(await hub.http.get<UnitRow[] | { items: UnitRow[] }>('/api/units')),
  catalogue: async (hub: Hub) =>
    rowsOf(await hub.http.get<CatalogueRow[] | { items: CatalogueRow[] }>('/api/catalogue')),
  channels: async (hub: Hub) => rowsOf(await hub.http.get<Channel[] | { items: Channel[] }>('/api/channels')),
};
