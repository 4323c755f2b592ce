import type { Actor, UnitPerson } from '@minqing-hub/client-sdk/protocol';
import { inject, shallowRef, type InjectionKey } from 'vue';
import { calls, type Hub } from '../hub';

/** What user ids mean, as far as this page may know: oneself, and the handlers of the own unit. */
export interface People {
  /** The handlers that a unit may name; they are known by name from then on. */
  handlersOf: (unitId: string) => Promise<UnitPerson[]>;
  /** Who acted: a person by name where it is known, else by user id; the hub and source systems by what they are. */
  nameOf: (userId: string) => string;
}

export const peopleKey: InjectionKey<People> = Symbol('people');

export function usePeople(): People {
  const people = inject(peopleKey);
  if (!people) throw new Error('usePeople outside of a logged-in page');
  return people;
}

export function createPeople(hub: Hub, actor: Actor): People {
  const names = shallowRef<ReadonlyMap<string, string>>(new Map([[actor.userId, actor.name]]));

  async function handlersOf(unitId: string): Promise<UnitPerson[]> {
    const found = await calls.unitPeople(hub, unitId);
    names.value = new Map([...names.value, ...found.map(({ userId, name }) => [userId, name] as const)]);
    return found;
  }

  function nameOf(userId: string): string {
    if (userId === 'system') return '系统';
    if (userId.startsWith('key:')) return '来源系统';
    return names.value.get(userId) ?? userId;
  }

  return { handlersOf, nameOf };
}
