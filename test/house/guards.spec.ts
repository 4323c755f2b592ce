import { describe, expect, it } from '@jest/globals';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Linter } from 'eslint';
import tseslint from 'typescript-eslint';
import { ROOT } from './repository.js';

interface Entry {
  files?: (string | string[])[];
  ignores?: string[];
  rules?: Linter.RulesRecord;
}
interface ImportRule {
  name: string;
  comment?: string;
  severity: string;
}

const { default: entries } = (await import(pathToFileURL(join(ROOT, 'eslint.config.mjs')).href)) as {
  default: Entry[];
};

/** Only what the project forbids by itself: entries with `no-restricted-syntax`, in their order. */
const guards = entries
  .filter(({ rules }) => rules && 'no-restricted-syntax' in rules)
  .map(({ files, ignores, rules }) => ({
    ...(files && { files }),
    ...(ignores && { ignores }),
    languageOptions: { parser: tseslint.parser },
    rules: { 'no-restricted-syntax': rules!['no-restricted-syntax']! },
  }));

const refused = (path: string, code: string) =>
  new Linter({ cwd: ROOT, configType: 'flat' }).verify(code, guards, path).length > 0;

describe('the linter', () => {
  it.each([
    ['the system’s time in a feature', 'src/orders/x.ts', 'export const at = Date.now();'],
    ['a new Date in the log', 'src/event-log/x.ts', 'export const at = new Date();'],
    ['chance in the rule book', 'src/domain/x.ts', 'export const n = Math.random();'],
    ['waiting in the rule book', 'src/domain/x.ts', 'export async function f() {}'],
    ['a timer in a feature', 'src/queues/x.ts', 'setTimeout(() => undefined, 15_000);'],
    ['the environment in a feature', 'src/identity/x.ts', 'export const port = process.env.HUB_PORT;'],
    ['an emit in a command', 'src/orders/x.ts', 'socket.emit("frame", 1);'],
    ['an emit in the gateway', 'src/realtime/gateway.ts', 'socket.emit("frame", 1);'],
    ['a transaction in a store', 'src/orders/order-store.ts', 'database.transaction(() => 1);'],
    ['a new id in a feature', 'src/orders/x.ts', 'export const id = randomUUID();'],
    ['a default export', 'simulation/x.ts', 'export default 1;'],
    ['a skipped test', 'src/orders/x.spec.ts', 'it.skip("works", () => {});'],
    ['a lonely test', 'test/e2e/x.spec.ts', 'describe.only("it", () => {});'],
    ['a sleep in a test', 'test/e2e/x.spec.ts', 'setTimeout(done, 500);'],
    ['a module mock', 'src/orders/x.spec.ts', 'jest.mock("../y.js");'],
  ])('refuses %s', (_what, path, code) => {
    expect(refused(path, code)).toBe(true);
  });

  it.each([
    ['the clock read the time', 'src/config/clock.ts', 'export const at = Date.now();'],
    ['push emit', 'src/realtime/push.ts', 'socket.emit("frame", 1);'],
    ['storage open transactions', 'src/storage/x.ts', 'database.transaction(() => 1);'],
    ['config read the environment', 'src/config/x.ts', 'export const port = process.env.HUB_PORT;'],
    ['the rule book build a date from what it is given', 'src/domain/x.ts', 'export const d = (ms) => new Date(ms);'],
  ])('lets %s', (_what, path, code) => {
    expect(refused(path, code)).toBe(false);
  });
});

describe('the import rules', () => {
  const { forbidden } = createRequire(import.meta.url)(join(ROOT, '.dependency-cruiser.cjs')) as {
    forbidden: ImportRule[];
  };

  it.each(forbidden.map((rule) => [rule.name, rule] as const))(
    '%s says what would be lost without it',
    (_name, rule) => {
      expect(rule.severity).toBe('error');
      expect(rule.comment).toMatch(/^\p{Lu}.+[.]$/u);
    },
  );
});
