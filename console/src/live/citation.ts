import { inject, shallowRef, type InjectionKey, type ShallowRef } from 'vue';

/** The article that an answer will rest on. `ref` as `answerDirectly` takes it: the article at its version. */
export interface Cited {
  ref: string;
  title: string;
  expiresAt: number | null;
  expired: boolean;
}

export const citationKey: InjectionKey<ShallowRef<Cited | null>> = Symbol('citation');

/** What was found beside the form, for the form. */
export const useCitation = (): ShallowRef<Cited | null> => inject(citationKey, () => shallowRef(null), true);
