import { HubException } from '../../commands/hub-exception.js';

const DAY = /^(\d{4})-(\d{2})-(\d{2})$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/;

/**
 * From when a list shall hold: a day (`2027-01-01`, from its first minute in China) or an instant with offset.
 * @throws {HubException} `payload_invalid`
 */
export function readEffectiveFrom(text: string): number {
  const day = DAY.exec(text);
  const at = day ? Date.parse(`${text}T00:00:00+08:00`) : INSTANT.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at) || (day && !isRealDay(day))) {
    throw new HubException('payload_invalid', '生效时间应为日期（2027-01-01）或带时区的 ISO 8601 时间', {
      field: 'effectiveFrom',
    });
  }
  return at;
}

/** The engine takes 30 February for 2 March. */
function isRealDay([, year, month, day]: RegExpExecArray): boolean {
  return new Date(Date.UTC(Number(year), Number(month) - 1, Number(day))).getUTCDate() === Number(day);
}
