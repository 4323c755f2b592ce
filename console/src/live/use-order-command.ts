import type { CommandName, CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { computed, type ComputedRef } from 'vue';
import { useCommand, type CommandRunner } from './use-command';
import { useConnection } from './use-connection';
import type { OpenOrder } from './use-order';

export interface OrderCommandRunner extends CommandRunner {
  /** Nothing is unanswered, the hub is there, and we know which version we look at. */
  can: ComputedRef<boolean>;
}

/** Commands on an open order. When somebody was faster, what they did is fetched before the refusal is read. */
export function useOrderCommand(order: OpenOrder): OrderCommandRunner {
  const runner = useCommand();
  const { connection } = useConnection();

  async function run<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<CommandResult<N> | null> {
    const answer = await runner.run(name, payload);
    if (runner.refusal.value) await Promise.all([order.detail.pull(), order.trail.pull()]);
    return answer;
  }

  const can = computed(
    () => runner.running.value === null && connection.value !== 'offline' && order.version.value !== null,
  );
  return { ...runner, run, can };
}
