import { parseArgs, type ParseArgsConfig } from 'node:util';
import { Fault } from './fault.js';

/** The options of a program as text, with a `Fault` that shows the usage for everything that is wrong. */
export class Arguments<N extends string> {
  private readonly values: Partial<Record<N, string>>;

  /** @throws {Fault} with the usage when asked for help, and for an option that there is not. */
  constructor(
    args: string[],
    names: readonly N[],
    private readonly usage: string,
  ) {
    const options: NonNullable<ParseArgsConfig['options']> = { help: { type: 'boolean' } };
    for (const name of names) options[name] = { type: 'string' };
    let values: Record<string, unknown>;
    try {
      ({ values } = parseArgs({ args, options, strict: true, allowPositionals: false }));
    } catch (error) {
      throw this.fault((error as Error).message);
    }
    if (values.help) throw new Fault(usage);
    this.values = values as Partial<Record<N, string>>;
  }

  text(name: N): string | undefined {
    return this.values[name];
  }

  number(name: N, { absent, least, most = Infinity }: Bounds): number {
    const given = this.values[name];
    if (given === undefined && absent !== undefined) return absent;
    const value = Number(given);
    if (given === undefined || !Number.isFinite(value) || value < least || value > most) {
      throw this.fault(`--${name} is a number ${span(least, most)}`);
    }
    return value;
  }

  whole(name: N, { absent, least, most = Infinity }: Bounds): number {
    const given = this.values[name];
    if (given === undefined && absent !== undefined) return absent;
    if (given === undefined || !/^\d{1,9}$/.test(given) || Number(given) < least || Number(given) > most) {
      throw this.fault(`--${name} is a whole number ${span(least, most)}`);
    }
    return Number(given);
  }

  url(name: N): string | null {
    return this.values[name]?.replace(/\/+$/, '') ?? null;
  }

  fault(sentence: string): Fault {
    return new Fault(`${sentence}\n\n${this.usage}`);
  }
}

/** `absent`: what is taken without the option; without it the option is needed. */
interface Bounds {
  absent?: number;
  least: number;
  most?: number;
}

const span = (least: number, most: number): string =>
  most === Infinity ? `from ${least}` : `from ${least} to ${most}`;
