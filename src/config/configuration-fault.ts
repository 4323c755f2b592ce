/** What is wrong with the settings or the policy, all of it at once: the boot stops, and says every reason. */
export class ConfigurationFault extends Error {
  constructor(
    /** Each one sentence, Chinese, naming the setting. Values are never repeated: some are secrets. */
    readonly faults: readonly string[],
  ) {
    super(`配置有误，未能启动：\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
  }
}

/** Exit code of a boot that stopped for its configuration, so that a service manager need not try again. */
export const CONFIGURATION_EXIT_CODE = 2;

/** For the end of `main`: tells the faults without a stack and exits; anything else is thrown on. */
export function exitForConfiguration(error: unknown): never {
  if (!(error instanceof ConfigurationFault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exit(CONFIGURATION_EXIT_CODE);
}
