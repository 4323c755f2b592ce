import { daysOffByLaw } from '../../calendar/feasts.js';
import { knownNotices } from '../../calendar/known-notices.js';
import { lawfulDaysWorked } from './lawful-days.js';

const notices = knownNotices('./config');

describe('days off by law that a notice has worked', () => {
  it('[WD2] are none in the notices that there were', () => {
    for (const notice of notices) expect(lawfulDaysWorked(notice, daysOffByLaw)).toEqual([]);
  });

  it('[WD2] are those that somebody forgot to write', () => {
    const notice = notices.find(({ year }) => year === 2026)!;
    const off = notice.off.filter((day) => !day.startsWith('2026-10') && day !== '2026-02-16');
    expect(lawfulDaysWorked({ ...notice, off }, daysOffByLaw)).toEqual(['2026-02-16', '2026-10-01', '2026-10-02']);
  });
});
