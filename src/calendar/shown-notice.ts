import type { ImportedNotice } from '@minqing-hub/client-sdk/protocol';
import type { StoredNotice } from './notice-store.js';

/** As it is shown outside. */
export function shownNotice({ fileHash: _, off, work, ...notice }: StoredNotice, inForce: boolean): ImportedNotice {
  return { ...notice, off: [...off], work: [...work], inForce };
}
