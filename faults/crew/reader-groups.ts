import { dispatcher } from '../../simulation/people.js';
import type { ReaderGroup } from '../readers/words.js';
import { OFFICE, OVERSIGHT, UNITS } from './rooms.js';
import type { Staff } from './staff.js';

interface Kind {
  users: readonly string[];
  rooms: readonly string[];
  /** Of all readers. */
  share: number;
}

const KINDS: readonly Kind[] = [
  {
    users: ['supervisor01', 'petition01', 'district01', 'auditor01'],
    rooms: [...OVERSIGHT, ...UNITS.map((unit) => `unit:${unit}`)],
    share: 0.5,
  },
  { users: ['leader01', 'leader02', 'leader03', 'leader04', 'leader05', 'leader06'], rooms: OFFICE, share: 0.25 },
  {
    users: Array.from({ length: 12 }, (_, n) => dispatcher(n + 1).username),
    rooms: ['desk:city', 'queue:register', 'queue:dispatch'],
    share: 0.25,
  },
];

/** So many readers of every role that sees much, a few of each person: nobody is taken for a program gone mad. */
export async function readerGroups(staff: Staff, count: number): Promise<ReaderGroup[]> {
  const groups: ReaderGroup[] = [];
  for (const { users, rooms, share } of KINDS) {
    const each = Math.max(1, Math.round((count * share) / users.length));
    for (const user of users) {
      const left = Math.round(count * share) - each * users.indexOf(user);
      if (left > 0) groups.push({ user, token: await staff.token(user), rooms, count: Math.min(each, left) });
    }
  }
  return groups;
}
