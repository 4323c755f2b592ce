import { leadOf } from '../order.js';
import type { Guard } from '../situation.js';
import { no } from '../../no.js';

/** [T9] Not in an emergency, and not against a ruling. */
export const notBarred: Guard<'object'> = ({ order }) => {
  if (order.route === 'emergency') return no('objection_barred', '应急处突类工单不得提出异议', 'T9');
  return order.objectionBarred ? no('objection_barred', '裁决后的工单不得再提异议', 'T11') : undefined;
};

/** [T9] Once per unit and order. */
export const firstOfUnit: Guard<'object'> = ({ order }) => {
  const lead = leadOf(order)?.unitId;
  return order.objections.some((objection) => objection.unitId === lead)
    ? no('unit_already_objected', '本单位已就这件工单提出过异议', 'T9')
    : undefined;
};
