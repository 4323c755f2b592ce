/** The person called it the wrong way; the message is the right one. */
export class WrongCall extends Error {}

type ErrorClass = abstract new (...args: never[]) => Error;

/**
 * Runs a command-line program. Exit code: what `main` answers, 2 when it was called the wrong way, 1 when it failed.
 * Errors of the `told` classes are sentences for the person who called it; others show where they came from.
 */
export async function runProgram(
  main: (args: string[]) => Promise<number>,
  told: readonly ErrorClass[] = [],
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    process.exitCode = error instanceof WrongCall ? 2 : 1;
    const sentence = [WrongCall, ...told].some((known) => error instanceof known);
    console.error(sentence ? (error as Error).message : error);
  }
}

/** Splits arguments into flags of the names given and the rest. */
export function splitFlags(args: readonly string[], known: readonly string[]): { flags: Set<string>; rest: string[] } {
  const flags = new Set(args.filter((arg) => arg.startsWith('--')));
  for (const flag of flags) if (!known.includes(flag)) throw new WrongCall(`没有选项 ${flag}`);
  return { flags, rest: args.filter((arg) => !arg.startsWith('--')) };
}
