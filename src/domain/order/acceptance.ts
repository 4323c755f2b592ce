import type { Grade, Kind, RequestLabels, ResponseLevel, Route, Visibility } from '@minqing-hub/client-sdk/protocol';
import type { OrderCommand } from './order-command.js';
import type { Order } from './order.js';

/** How a matter is classed (CL1 to CL5), as it stands or as it will be once accepted. */
export interface Classification {
  kind: Kind | null;
  grade: Grade;
  responseLevel: ResponseLevel;
  route: Route;
  labels: RequestLabels;
  catalogCode: string | null;
  areaCode: string | null;
  noPlace: boolean;
  visibility: Visibility;
}

/** Whoever accepts may class the matter anew [T4]; what they leave out stays as it was registered. */
export function afterAcceptance(order: Order, command: OrderCommand<'accept'>): Classification {
  return {
    kind: command.kind ?? order.kind,
    grade: command.grade ?? order.grade,
    responseLevel: command.responseLevel ?? order.responseLevel,
    route: command.route ?? order.route,
    labels: {
      complex: command.labels?.complex ?? order.labels.complex,
      crossArea: command.labels?.crossArea ?? order.labels.crossArea,
      pressing: command.labels?.pressing ?? order.labels.pressing,
      stability: command.labels?.stability ?? order.labels.stability,
    },
    catalogCode: command.catalogCode ?? order.catalogCode,
    areaCode: command.areaCode ?? order.areaCode,
    noPlace: command.noPlace ?? order.noPlace,
    visibility: command.visibility ?? order.visibility,
  };
}
