import { onScopeDispose, shallowRef, type ShallowRef } from 'vue';
import type { Connection } from '../hub';
import { useHub } from './use-hub';

/** `since`: when it became so (the hub's time, ms). */
export interface ConnectionView {
  connection: ShallowRef<Connection>;
  since: ShallowRef<number>;
}

export function useConnection(): ConnectionView {
  const hub = useHub();
  const connection = shallowRef(hub.connection);
  const since = shallowRef(hub.hubNow());
  const stop = hub.onConnection(() => {
    if (connection.value === hub.connection) return;
    connection.value = hub.connection;
    since.value = hub.hubNow();
  });
  onScopeDispose(stop);
  return { connection, since };
}
