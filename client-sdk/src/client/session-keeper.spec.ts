import { describe, expect, it } from '@jest/globals';
import type { Session } from '../protocol/index.js';
import { HubTime } from './hub-time.js';
import { SessionKeeper } from './session-keeper.js';

const session = (token: string): Session => ({
  token,
  expiresAt: 1_200_000,
  actor: { userId: 'u', name: 'u', roles: [], unitId: null },
});

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('SessionKeeper', () => {
  it('waits for nothing any more once it is closed, whatever answer is still on its way', async () => {
    const before = timers();
    let answer!: (next: Session) => void;
    const refresh = () => new Promise<Session>((resolve) => (answer = resolve));
    const keeper = new SessionKeeper(new HubTime(), refresh, () => 0);
    keeper.begin(session('first'));
    expect(timers()).toBe(before + 1);
    const renewing = keeper.renew();
    keeper.close();
    answer(session('second'));
    expect(await renewing).toBe(true);
    expect(timers()).toBe(before);
  });
});
