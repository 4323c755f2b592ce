import type {
  CommandPayload,
  Grade,
  Kind,
  OrderDetail,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';

/** What acceptance settles about a request (CL1–CL5), while it is being filled in. */
export interface Classification {
  kind: Kind | undefined;
  grade: Grade | undefined;
  responseLevel: ResponseLevel | undefined;
  route: Route | undefined;
  visibility: Visibility;
  catalogCode: string | undefined;
  areaCode: string | undefined;
  noPlace: boolean;
  complex: boolean;
  crossArea: boolean;
  pressing: boolean;
  stability: RequestLabels['stability'];
}

export const emptyClassification = (): Classification => ({
  kind: undefined,
  grade: 'normal',
  responseLevel: 'routine',
  route: 'simple',
  visibility: 'public',
  catalogCode: undefined,
  areaCode: undefined,
  noPlace: false,
  complex: false,
  crossArea: false,
  pressing: false,
  stability: 'none',
});

export const classificationOf = (detail: OrderDetail): Classification => ({
  kind: detail.kind ?? undefined,
  grade: detail.grade,
  responseLevel: detail.responseLevel,
  route: detail.route,
  visibility: detail.visibility,
  catalogCode: detail.catalogCode ?? undefined,
  areaCode: detail.areaCode ?? undefined,
  noPlace: false,
  complex: detail.labels?.complex ?? false,
  crossArea: detail.labels?.crossArea ?? false,
  pressing: detail.labels?.pressing ?? false,
  stability: detail.labels?.stability ?? 'none',
});

export const labelsOf = (c: Classification): RequestLabels => ({
  complex: c.complex,
  crossArea: c.crossArea,
  pressing: c.pressing,
  stability: c.stability,
});

export const acceptPayload = (
  c: Classification,
  order: { orderNo: string; version: number },
): CommandPayload<'accept'> => ({
  orderNo: order.orderNo,
  expectedVersion: order.version,
  visibility: c.visibility,
  labels: labelsOf(c),
  ...(c.kind ? { kind: c.kind } : {}),
  ...(c.grade ? { grade: c.grade } : {}),
  ...(c.responseLevel ? { responseLevel: c.responseLevel } : {}),
  ...(c.route ? { route: c.route } : {}),
  ...(c.catalogCode ? { catalogCode: c.catalogCode } : {}),
  ...(c.noPlace ? { noPlace: true } : c.areaCode ? { areaCode: c.areaCode } : {}),
});

/**
 * What still keeps the form from being sent, or `null` (T4). The hub decides; this only saves a round trip. A place may be
 * told in words alone; without a number to call back, or of somebody who filed it, nobody could be answered.
 */
export function lacks(c: Classification, known: { contact: boolean; address: boolean }): string | null {
  if (!known.contact) return '没有联系方式，不能受理';
  if (!c.kind) return '请选择诉求类别';
  if (!c.grade) return '请选择分拨等级';
  if (!c.noPlace && !c.areaCode && !known.address) return '请选择区域，或注明无具体地点';
  return null;
}
