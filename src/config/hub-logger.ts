import { hostname } from 'node:os';
import type { LoggerService } from '@nestjs/common';
import { type DestinationStream, type Level, type Logger, pino, stdTimeFunctions } from 'pino';
import { ConfigurationFault } from './configuration-fault.js';
import { readableLine } from './readable-line.js';
import { type Redact, redactor } from './redact.js';
import type { Settings } from './settings.js';

/** The framework's own report of every route and module at each start: nothing an operator can use. */
const CHATTER = ['InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestFactory', 'NestApplication'];
/** A reader of standard output that stands still may not hold up the hub, nor fill its memory: later lines are dropped. */
const MOST_UNREAD_BYTES = 4 * 1024 * 1024;

export interface LogOptions {
  /** The least that is worth telling. */
  level: Settings['logLevel'];
  /** What is taken out of every text, besides what is known by its form. */
  secrets?: readonly string[];
  /** One JSON object a line; otherwise lines for people. */
  json?: boolean;
  /** Instead of standard output. */
  write?: (line: string) => void;
}

/**
 * The hub's log, one line each on standard output: JSON in production, readable lines otherwise, the same in both.
 * A message is a sentence, `{message, ...fields}`, or a function that makes one of them if it is told at all. Fields are
 * ids, codes and numbers and go out as they are; the texts of messages and errors are redacted. Nothing here waits, and a
 * line below the level costs a comparison. [SI1]
 */
export class HubLogger implements LoggerService {
  /** Which of the hub's nodes speaks, as soon as it is known. */
  node: string | undefined;
  private readonly pino: Logger;
  private readonly redact: Redact;

  constructor({ level, secrets, json = false, write }: LogOptions) {
    this.redact = redactor(secrets);
    this.pino = pino(
      {
        level: PINO[level],
        base: { host: hostname(), pid: process.pid },
        timestamp: stdTimeFunctions.isoTime,
        formatters: { level: (label) => ({ level: label }) },
        mixin: () => (this.node === undefined ? {} : { node: this.node }),
      },
      json ? destinationOf(write) : readable(write),
    );
  }

  static of({ logLevel, production, secrets, redisUrl, citizenGateway, firstAdminPassword }: Settings): HubLogger {
    const hidden = [...Object.values(secrets), redisUrl, citizenGateway?.secret, firstAdminPassword];
    return new HubLogger({
      level: logLevel,
      json: production,
      secrets: hidden.filter((secret) => secret !== undefined),
    });
  }

  log(message: unknown, ...more: unknown[]): void {
    if (!CHATTER.includes(String(more.at(-1)))) this.line('info', message, more);
  }

  /** What is wrong with the configuration is told by `exitForConfiguration`, in sentences; a stack helps nobody. */
  error(message: unknown, ...more: unknown[]): void {
    if (!(message instanceof ConfigurationFault)) this.line('error', message, more);
  }

  warn(message: unknown, ...more: unknown[]): void {
    this.line('warn', message, more);
  }

  debug(message: unknown, ...more: unknown[]): void {
    this.line('debug', message, more);
  }

  fatal(message: unknown, ...more: unknown[]): void {
    this.line('fatal', message, more);
  }

  /** Told at every level: who started the hub waits for it. */
  announce(sentence: string): void {
    this.pino.child({}, { level: 'info' }).info(sentence);
  }

  /** Nest puts the context last, and an error or its stack before it. */
  private line(level: Level, message: unknown, more: unknown[]): void {
    if (!this.pino.isLevelEnabled(level)) return;
    const context = typeof more.at(-1) === 'string' ? (more.at(-1) as string) : undefined;
    const beside = context === undefined || more.length > 1 ? more[0] : undefined;
    const fault = message instanceof Error ? message : beside;
    const { message: text, ...fields } = told(message);
    this.pino[level](
      { ...(context && { context }), ...fields, ...(fault !== undefined && { err: this.shown(fault) }) },
      this.redact(text),
    );
  }

  /** Its words and where it came from. Errors of drivers carry the statement and its values beside: those stay here. */
  private shown(fault: unknown): object {
    if (!(fault instanceof Error)) return { stack: this.redact(String(fault)) };
    const { code } = fault as { code?: unknown };
    return {
      type: fault.name,
      ...(typeof code === 'string' && { code }),
      stack: this.redact(fault.stack ?? fault.message),
      ...(fault.cause !== undefined && { cause: this.shown(fault.cause) }),
    };
  }
}

function told(message: unknown): { message: string } {
  if (typeof message === 'function') return told((message as () => unknown)());
  if (message instanceof Error) return { message: message.message };
  return typeof message === 'object' ? (message as { message: string }) : { message: message as string };
}

const PINO = { error: 'error', warn: 'warn', log: 'info', debug: 'debug' } as const satisfies Record<
  Settings['logLevel'],
  Level
>;

const destinationOf = (write: LogOptions['write']): DestinationStream =>
  write ? { write } : pino.destination({ dest: 1, sync: false, maxLength: MOST_UNREAD_BYTES });

function readable(write: LogOptions['write'] = (line) => process.stdout.write(line)): DestinationStream {
  const colours = process.stdout.isTTY;
  return { write: (line) => write(readableLine(line, colours)) };
}
