import { Injectable } from '@nestjs/common';
import type { Actor } from '@minqing-hub/client-sdk/protocol';
import type { ReadTx } from '../storage/unit-of-work.js';

/** Who may do what, as the database says now: tokens say only who somebody is. */
@Injectable()
export class People {
  /** `undefined`: no such user, or not active any more. */
  async actor(_tx: ReadTx, _userId: string): Promise<Actor | undefined> {
    throw new Error('not built');
  }
}
