import { HubException } from '../../commands/hub-exception.js';
import { instantOf } from '../../domain/calendar/instant.js';

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/**
 * From when a list shall hold: a day (`2027-01-01`, from its first minute in China) or an instant with offset.
 * @throws {HubException} `payload_invalid`
 */
export function readEffectiveFrom(text: string): number {
  const at = instantOf(DAY.test(text) ? `${text}T00:00:00+08:00` : text);
  if (at === undefined) {
    throw new HubException('payload_invalid', '生效时间应为日期（2027-01-01）或带时区的 ISO 8601 时间', {
      field: 'effectiveFrom',
    });
  }
  return at;
}
