import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Session } from '../protocol/index.js';
import { HubTime } from './hub-time.js';
import { SessionKeeper } from './session-keeper.js';

const session = (token: string): Session => ({
  token,
  expiresAt: 1_200_000,
  actor: { userId: 'u', name: 'u', roles: [], unitId: null },
});

describe('SessionKeeper', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('waits for nothing any more once it is closed, whatever answer is still on its way', async () => {
    let answer!: (next: Session) => void;
    const refresh = () => new Promise<Session>((resolve) => (answer = resolve));
    const keeper = new SessionKeeper(new HubTime(), refresh, () => 0);
    keeper.begin(session('first'));
    expect(jest.getTimerCount()).toBe(1);
    const renewing = keeper.renew();
    keeper.close();
    answer(session('second'));
    expect(await renewing).toBe(true);
    expect(jest.getTimerCount()).toBe(0);
  });

  it('renews a session before it ends', async () => {
    const asked: string[] = [];
    const refresh = async ({ token }: Session) => {
      asked.push(token);
      return session('second');
    };
    const keeper = new SessionKeeper(new HubTime(), refresh, () => 0);
    keeper.begin(session('first'));
    await jest.advanceTimersByTimeAsync(1_200_000);
    expect(asked[0]).toBe('first');
    expect(keeper.session?.token).toBe('second');
    keeper.close();
  });
});
