import type { CommandName, CommandPayload, CommandResult, HubError } from '@minqing-hub/client-sdk/protocol';
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue';
import { errorOf } from '../hub';
import { useConnection } from './use-connection';
import { useHub } from './use-hub';

export interface CommandRunner {
  /** The command that waits for its answer; nothing else may be sent from here until it is there. */
  running: ShallowRef<CommandName | null>;
  refusal: ShallowRef<HubError | null>;
  /** The last command, when it took effect. */
  succeeded: ShallowRef<CommandName | null>;
  /** Nothing is unanswered, and the hub is there. */
  can: ComputedRef<boolean>;
  /** `null`: refused; `refusal` says why. */
  run: <N extends CommandName>(name: N, payload: CommandPayload<N>) => Promise<CommandResult<N> | null>;
  clear: () => void;
}

/** Sends one command at a time and keeps its refusal for showing. What changed is not taken from the answer: it comes by the rooms. */
export function useCommand(): CommandRunner {
  const hub = useHub();
  const running: ShallowRef<CommandName | null> = shallowRef(null);
  const refusal: ShallowRef<HubError | null> = shallowRef(null);
  const succeeded: ShallowRef<CommandName | null> = shallowRef(null);
  const { connection } = useConnection();
  const can = computed(() => running.value === null && connection.value !== 'offline');

  async function run<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<CommandResult<N> | null> {
    if (running.value !== null) return null;
    running.value = name;
    refusal.value = null;
    succeeded.value = null;
    try {
      const answer = await hub.command(name, payload);
      if (answer.ok) succeeded.value = name;
      if (answer.ok) return answer.result;
      refusal.value = answer.error;
    } catch (failure) {
      refusal.value = errorOf(failure);
    } finally {
      running.value = null;
    }
    return null;
  }

  return { running, refusal, succeeded, can, run, clear: () => (refusal.value = null) };
}
