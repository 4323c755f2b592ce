import { ValidateBy } from 'class-validator';
import { instantOf } from '../domain/calendar/instant.js';

/** A time with its offset: a field of a command's payload. */
export const Instant = () =>
  ValidateBy({
    name: 'isInstant',
    validator: {
      validate: (value) => typeof value === 'string' && instantOf(value) !== undefined,
      defaultMessage: () => '时间应写作带时区的 ISO 8601，如 2026-11-21T08:00:00+08:00',
    },
  });
