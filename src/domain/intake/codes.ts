import type {
  Grade,
  Kind,
  Place,
  RequestLabels,
  ResponseLevel,
  Route,
  Visibility,
} from '@minqing-hub/client-sdk/protocol';

/** CL1: 咨询、建议、求决、投诉. */
export const KINDS = ['consultation', 'suggestion', 'resolution', 'complaint'] as const satisfies readonly Kind[];
/** CL3: 紧急、快速、一般. */
export const GRADES = ['urgent', 'fast', 'normal'] as const satisfies readonly Grade[];
/** CL4: 极急、急办、常规、争议. */
export const RESPONSE_LEVELS = [
  'critical',
  'expedited',
  'routine',
  'disputed',
] as const satisfies readonly ResponseLevel[];
/** CL2: 简单即办、复杂协调、应急处突. */
export const ROUTES = ['simple', 'coordination', 'emergency'] as const satisfies readonly Route[];
/** DG4. */
export const VISIBILITIES = ['public', 'internal', 'confidential'] as const satisfies readonly Visibility[];
/** CL5: what a matter may do to public order. */
export const STABILITIES = ['personal', 'group', 'none'] as const satisfies readonly RequestLabels['stability'][];
export const COORDINATE_SYSTEMS = ['WGS84', 'GCJ02', 'BD09', 'CGCS2000'] as const satisfies readonly Place['crs'][];

export const NO_LABELS: RequestLabels = { complex: false, crossArea: false, pressing: false, stability: 'none' };
