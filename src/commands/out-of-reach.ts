import type { HubError } from '@minqing-hub/client-sdk/protocol';

/** Of an outage of the database: whoever repeats a command with the same id does no harm. [I7] */
export const OUT_OF_REACH: HubError = { code: 'unavailable', message: '数据库暂时无法使用，请稍后重试' };
