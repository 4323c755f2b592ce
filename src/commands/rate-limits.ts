import { Injectable } from '@nestjs/common';
import type { HubError } from '@minqing-hub/client-sdk/protocol';
import { Policy } from '../config/policy.js';
import { Allowances } from './allowances.js';
import { HubException } from './hub-exception.js';

/** What is limited, each for itself: commands by actor, requests of a source by its key or user, logins by address. */
export type Limited = 'commands' | 'intake' | 'login';

/**
 * How often one source may ask this node, with an allowance for bursts: one that asks on and on takes nothing from the
 * others. What is too much is refused with the time after which there is room again, and has no effect. [LD4]
 */
@Injectable()
export class RateLimits {
  private readonly used: Record<Limited, Allowances> = {
    commands: new Allowances(),
    intake: new Allowances(),
    login: new Allowances(),
  };

  constructor(private readonly policy: Policy) {}

  /** `undefined`: the source may, and that is counted. */
  refusal(limited: Limited, source: string): HubError | undefined {
    const waitMs = this.used[limited].take(source, performance.now(), {
      perSecond: this.policy.number(`rate.${limited}.perSecond`),
      burst: this.policy.number(`rate.${limited}.burst`),
    });
    if (waitMs === 0) return undefined;
    const retryAfterMs = Math.ceil(waitMs);
    return { code: 'too_many_requests', message: '请求过于频繁，请稍后再试', clause: 'LD4', retryAfterMs };
  }

  /** @throws {HubException} `too_many_requests` with `retryAfterMs`, [LD4] */
  admit(limited: Limited, source: string): void {
    const refusal = this.refusal(limited, source);
    if (refusal) throw new HubException(refusal.code, refusal.message, refusal);
  }
}
