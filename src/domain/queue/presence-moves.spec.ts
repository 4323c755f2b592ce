import { decidePresence, PRESENCE_MOVES, PRESENCES } from './presence-moves.js';

describe('[PS1] the moves of a presence', () => {
  const OLD = ['offline', 'ready', 'busy', 'break'] as const;

  it('lets being offline, ready, busy and on a break follow each other in any order', () => {
    for (const from of OLD) for (const to of OLD) expect(decidePresence(from, to)).toEqual({ ok: true, value: to });
  });

  it('lets wrap-up follow only work and being ready, and training no call', () => {
    const before = (to: (typeof PRESENCES)[number]) => PRESENCES.filter((from) => PRESENCE_MOVES[from].includes(to));
    expect(before('wrap_up')).toEqual(['ready', 'busy']);
    expect(before('training')).toEqual(['offline', 'ready', 'wrap_up', 'break']);
  });

  it('lets everybody go offline from anywhere, and back to work', () => {
    for (const from of PRESENCES) {
      expect(decidePresence(from, 'offline').ok).toBe(true);
      expect(decidePresence(from, 'ready').ok).toBe(true);
      expect(decidePresence(from, from).ok).toBe(true);
    }
  });

  it('names the field and the rule when a change comes out of order', () => {
    expect(decidePresence('offline', 'wrap_up')).toMatchObject({
      error: { code: 'presence_order', field: 'presence', clause: 'PS1' },
    });
  });
});
