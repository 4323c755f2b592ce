import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import vue from 'eslint-plugin-vue';
import tseslint from 'typescript-eslint';

/*
 * What a reader may rely on without looking: who reads the time, who emits, who opens a transaction.
 * Which folder may import which is the matter of `.dependency-cruiser.cjs`.
 */

/** `no-restricted-syntax` is replaced, not merged, by a later entry: each place names its whole list. */
const forbidden = {
  defaultExport: {
    selector: 'ExportDefaultDeclaration',
    message: 'Export by name: a thing has one name everywhere.',
  },
  systemTime: {
    selector:
      "CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0], CallExpression[callee.name='Date']",
    message: 'Inject Clock (src/config/clock.ts): nothing else reads the system time.',
  },
  chance: {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance is a parameter: a run must be repeatable from its seed.',
  },
  newIds: {
    selector:
      'CallExpression[callee.name=/^random(UUID|Bytes|Int)$/], CallExpression[callee.property.name=/^random(UUID|Bytes|Int)$/]',
    message: 'New ids and secrets are made in the places that eslint.config.mjs lists (idMakers).',
  },
  environment: {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: 'Only src/config reads the environment: it checks all of it at once, at the start.',
  },
  emit: {
    selector: "CallExpression[callee.property.name='emit']",
    message: 'Only src/realtime/push.ts emits: consoles learn of a change from the log, never from a handler.',
  },
  transaction: {
    selector: "CallExpression[callee.property.name='transaction']",
    message: 'Only src/storage opens transactions: use UnitOfWork.run.',
  },
  timers: {
    selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]',
    message: 'Business has no timers: start a clock (src/deadlines/clock-ledger.ts).',
  },
  waiting: {
    selector:
      "FunctionDeclaration[async=true], FunctionExpression[async=true], ArrowFunctionExpression[async=true], AwaitExpression, TSTypeReference[typeName.name='Promise']",
    message: 'The rule book decides at once, from what it is given.',
  },
  halfTests: {
    selector:
      'CallExpression[callee.object.name=/^(it|test|describe)$/][callee.property.name=/^(skip|only|todo|failing)$/], CallExpression[callee.name=/^(xit|xdescribe|fit|fdescribe)$/]',
    message: 'A test runs or is not there.',
  },
  mocks: {
    selector:
      "CallExpression[callee.object.name='jest'][callee.property.name=/^(mock|unstable_mockModule|spyOn|useFakeTimers)$/]",
    message: 'Hand a fake in by the constructor; module mocks of ESM do nothing, silently.',
  },
  sleeps: {
    selector: 'CallExpression[callee.name=/^set(Timeout|Interval)$/]',
    message: 'Wait for a condition and name it (test/support).',
  },
};

const inServer = [
  forbidden.defaultExport,
  forbidden.systemTime,
  forbidden.chance,
  forbidden.environment,
  forbidden.emit,
  forbidden.transaction,
  forbidden.newIds,
];
const without = (list, ...names) => ['error', ...list.filter((entry) => !names.includes(entry))];

/** Where new ids and secrets come from. */
const idMakers = [
  'src/event-log/event-log.ts',
  'src/event-log/placing*.ts',
  'src/event-log/duty.ts',
  'src/storage/**/*.ts',
  'src/identity/**/*.ts',
  'src/commands/**/*.ts',
  'src/config/**/*.ts',
  'src/cli/**/*.ts',
  'src/queues/hub-node.ts',
];

/** Feature folders: whatever must happen later there is a clock row, not a timer. */
const features = [
  'intake',
  'knowledge',
  'orders',
  'queues',
  'shifts',
  'lists',
  'calendar',
  'coordination',
  'supervision',
  'rankings',
].map((name) => `src/${name}/**/*.ts`);

const specs = ['**/*.spec.ts', 'test/**/*.ts', 'client-sdk/src/**/*.test-d.ts'];

export default defineConfig(
  {
    ignores: [
      '**/dist/**',
      '**/dist-preview/**',
      '**/dist-faults/**',
      '**/node_modules/**',
      'coverage/**',
      'data/**',
      'reports/**',
      'docs/images/**',
    ],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.vue'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { extraFileExtensions: ['.vue'] } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // A named interface that only picks from another one is a word of its own.
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['console/**', 'bench/**/*.mjs'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ['console/vite.config.ts'] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Ports promise; an adapter may have its answer at once.
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      'no-restricted-syntax': ['error', forbidden.defaultExport],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },

  { files: ['src/**/*.ts'], rules: { 'no-restricted-syntax': ['error', ...inServer] } },
  { files: features, rules: { 'no-restricted-syntax': ['error', ...inServer, forbidden.timers] } },
  { files: idMakers, rules: { 'no-restricted-syntax': without(inServer, forbidden.newIds) } },
  {
    files: ['src/domain/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...inServer, forbidden.timers, forbidden.waiting] },
  },
  {
    files: ['src/config/**/*.ts'],
    rules: { 'no-restricted-syntax': without(inServer, forbidden.environment, forbidden.newIds) },
  },
  {
    files: ['src/config/clock.ts'],
    rules: { 'no-restricted-syntax': without(inServer, forbidden.systemTime) },
  },
  {
    files: ['src/storage/**/*.ts'],
    rules: { 'no-restricted-syntax': without(inServer, forbidden.transaction, forbidden.newIds) },
  },
  {
    files: ['src/realtime/push.ts'],
    rules: { 'no-restricted-syntax': without(inServer, forbidden.emit) },
  },
  {
    files: ['src/main.ts', 'src/cli/**/*.ts', 'simulation/**/*.ts', 'bench/**/*.ts'],
    rules: { 'no-console': 'off' },
  },

  {
    files: specs,
    rules: {
      'no-restricted-syntax': ['error', forbidden.defaultExport, forbidden.halfTests, forbidden.mocks],
      // What comes back over HTTP or a socket is looked at, not trusted; an expectation tells when it is wrong.
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/unbound-method': 'off',
      'no-console': 'off',
    },
  },
  {
    files: ['**/*.spec.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        forbidden.defaultExport,
        forbidden.halfTests,
        forbidden.mocks,
        forbidden.sleeps,
      ],
    },
  },

  ...vue.configs['flat/essential'],
  {
    files: ['console/**/*.vue'],
    languageOptions: { parserOptions: { parser: tseslint.parser } },
    rules: {
      // The compiler knows every name better.
      'no-undef': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
    },
  },
  {
    files: ['console/**/*.ts'],
    rules: { 'no-undef': 'off', 'no-restricted-syntax': ['error', forbidden.defaultExport] },
  },
  { files: ['**/*.config.ts', '**/*.config.mjs'], rules: { 'no-restricted-syntax': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: {
      globals: Object.fromEntries(
        'process console URL setTimeout setInterval clearInterval clearTimeout module require fetch performance Buffer'
          .split(' ')
          .map((name) => [name, 'readonly']),
      ),
    },
  },
);
