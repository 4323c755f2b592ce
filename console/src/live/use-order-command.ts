import type { CommandName, CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { computed } from 'vue';
import { useCommand, type CommandRunner } from './use-command';
import type { OpenOrder } from './use-order';

export type OrderCommandRunner = CommandRunner;

/** Commands on an open order: sent only while we know which version we look at. When somebody was faster, what they did is fetched before the refusal is read. */
export function useOrderCommand(order: OpenOrder): OrderCommandRunner {
  const runner = useCommand();

  async function run<N extends CommandName>(name: N, payload: CommandPayload<N>): Promise<CommandResult<N> | null> {
    const answer = await runner.run(name, payload);
    if (runner.refusal.value) await Promise.all([order.detail.pull(), order.trail.pull()]);
    return answer;
  }

  const can = computed(() => runner.can.value && order.version.value !== null);
  return { ...runner, run, can };
}
