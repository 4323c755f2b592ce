import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { type Day, dayFrom, daysFrom } from '../domain/calendar/day.js';
import { noticeFaults } from '../domain/calendar/notice-forms.js';
import { noticeSource } from '../domain/calendar/notice-source.js';
import type { HolidayNotice } from '../domain/calendar/work-calendar.js';

const FILE = 'calendar/notices.json';

/** As the file writes it: a day, or the first and the last of several. */
interface WrittenNotice {
  year: number;
  source: string;
  off: string[];
  work: string[];
}

export type KnownNotice = HolidayNotice & { source: string };

/**
 * The notices that come with the hub, each with its source. A later one is imported.
 * @throws {ConfigurationFault} with every fault at once
 */
export function knownNotices(configDir: string): KnownNotice[] {
  const written = parse(join(configDir, FILE));
  const known: KnownNotice[] = [];
  const faults: string[] = [];
  for (const [index, one] of written.entries()) {
    if (!isWritten(one)) {
      faults.push(`第 ${index + 1} 份应有 year、source、off 和 work`);
      continue;
    }
    const notice = { year: one.year, source: one.source, off: one.off.flatMap(days), work: one.work.flatMap(days) };
    faults.push(...noticeFaults(notice).map(({ where, reason }) => `${one.year} 年 ${where}：${reason}`));
    if (known.some(({ year }) => year === one.year)) faults.push(`${one.year} 年写了两次`);
    known.push(notice);
  }
  if (faults.length > 0) throw new ConfigurationFault(faults.map((fault) => `${FILE}：${fault}`));
  return known;
}

function parse(file: string): unknown[] {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? '不是正确的 JSON' : '无法读取（HUB_CONFIG_DIR）';
    throw new ConfigurationFault([`${FILE}：${reason}`]);
  }
  if (!Array.isArray(found)) throw new ConfigurationFault([`${FILE}：应为一个列表`]);
  return found;
}

function isWritten(value: unknown): value is WrittenNotice {
  const { year, source, off, work } = (value ?? {}) as Partial<Record<keyof WrittenNotice, unknown>>;
  const areTexts = (list: unknown) => Array.isArray(list) && list.every((one) => typeof one === 'string');
  const isSource = typeof source === 'string' && noticeSource(source) !== undefined;
  return Number.isInteger(year) && isSource && areTexts(off) && areTexts(work);
}

/** What is no day stands as it is, to be told. */
function days(text: string): Day[] {
  const [from, to] = text.split('/').map(dayFrom);
  if (from === undefined) return [text];
  if (!text.includes('/')) return [from];
  return to === undefined || to < from ? [text] : [...daysFrom(from, to)];
}
