import { ValidateBy } from 'class-validator';

/** A number or one of the choices; which ones it may be is the key's own. */
export const PolicyValueField = () =>
  ValidateBy({
    name: 'isPolicyValue',
    validator: {
      validate: (value) => Number.isFinite(value) || (typeof value === 'string' && value.length <= 64),
      defaultMessage: () => '应为数字或文字',
    },
  });
