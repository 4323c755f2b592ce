import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { ConfigurationFault } from './configuration-fault.js';

const LEVELS: readonly LogLevel[] = ['fatal', 'error', 'warn', 'log', 'debug'];
/** The framework's own report of every route and module at each start: nothing an operator can use. */
const CHATTER = ['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication'];

/** One line each, to standard output; `level` is the least that is worth telling. */
export class HubLogger extends ConsoleLogger {
  constructor(level: 'error' | 'warn' | 'log' | 'debug') {
    super({ logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1), prefix: '民情枢纽', colors: process.stdout.isTTY });
  }

  override log(message: unknown, ...more: unknown[]): void {
    if (!CHATTER.includes(String(more.at(-1)))) super.log(message, ...(more as [string]));
  }

  /** What is wrong with the configuration is told by `exitForConfiguration`, in sentences; a stack helps nobody. */
  override error(message: unknown, ...more: unknown[]): void {
    if (!(message instanceof ConfigurationFault)) super.error(message, ...(more as [string]));
  }
}
