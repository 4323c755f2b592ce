/**
 * Which folder may import which (`docs/architecture.md`, Folders). Each rule says what would be lost without it.
 * Specs beside the code may reach what they need to build their piece; only the last rule keeps the code from them.
 */

const SPEC = '\\.spec\\.ts$';
const PROTOCOL = '^client-sdk/src/protocol/';
const FEATURES =
  'policy|intake|telephony|callbacks|knowledge|orders|queues|floor|shifts|lists|deadlines|calendar|coordination|supervision|rankings|notices';

/** What a feature may use of its neighbours, inside its own unit of work. */
const DOORS = [
  '^src/deadlines/(acts-in-time|beat|clock-ledger|clock-owners|deadline-ledger|policy-limit|pruning|said-first)\\.ts$',
  '^src/calendar/calendar-book\\.ts$',
  '^src/intake/number-series\\.ts$',
  '^src/queues/(queue-ledger|seat-ledger)\\.ts$',
  '^src/shifts/roster-import\\.ts$',
  '^src/lists/list-book\\.ts$',
  '^src/policy/live-policy\\.ts$',
  '^src/orders/(order-book|queries/caller-orders)\\.ts$',
  '^src/telephony/(call-book|number-views)\\.ts$',
  '^src/knowledge/knowledge-book\\.ts$',
  '^src/identity/(actor|people|tokens|http-auth|hub-settings|user-import|user-skills|seating)\\.ts$',
];

module.exports = {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one file, or lack a third.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'A file that nobody imports does nothing. Starting points are named here.',
      severity: 'error',
      from: {
        orphan: true,
        pathNot: [
          '\\.d\\.ts$',
          SPEC,
          '\\.test-d\\.ts$',
          '^(src|bench|simulation)/(cli/)?[^/]+\\.ts$',
          '^deploy/cluster/cluster\\.ts$',
          '^faults/(faults|planted/main)\\.ts$',
          '^test/',
          '\\.config\\.(ts|mjs)$',
        ],
      },
      to: {},
    },
    {
      name: 'not-to-unresolvable',
      comment: 'An import that leads nowhere fails only when somebody gets there.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'domain-is-pure',
      comment:
        'The rule book runs the same everywhere and for ever: it knows itself and, as types, the words of the wire.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: SPEC },
      to: { pathNot: ['^src/domain/', PROTOCOL] },
    },
    {
      name: 'domain-takes-types-only',
      comment: 'The words of the wire are types for the rule book, nothing that runs.',
      severity: 'error',
      from: { path: '^src/domain/', pathNot: SPEC },
      to: { path: PROTOCOL, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'protocol-stands-alone',
      comment: 'Both ends of the wire share this folder, so it may need nothing of either.',
      severity: 'error',
      from: { path: PROTOCOL },
      to: { pathNot: PROTOCOL },
    },
    {
      name: 'sdk-runs-in-browsers',
      comment:
        'The client SDK is published: it needs its own folder and socket.io-client, no part of the server, no Node.',
      severity: 'error',
      from: { path: '^client-sdk/src/', pathNot: SPEC },
      to: { pathNot: ['^client-sdk/src/', '^node_modules/socket\\.io-client/'] },
    },
    {
      name: 'server-knows-only-the-protocol',
      comment: 'The server and its clients meet in the words of the wire, nowhere else.',
      severity: 'error',
      from: { path: '^src/', pathNot: SPEC },
      to: { path: '^client-sdk/', pathNot: PROTOCOL },
    },
    {
      name: 'console-through-the-sdk',
      comment: 'A console sees what any outside program sees: no server code, no socket of its own.',
      severity: 'error',
      from: { path: '^console/' },
      to: { path: ['^src/', '^simulation/', '^test/', '^node_modules/socket\\.io-client/'] },
    },
    {
      name: 'simulation-through-the-sdk',
      comment:
        'Replay and simulated people use the public API only, or their reports would prove nothing. ' +
        'How a mapping file reads a row is one pure function, which the batch door of the hub uses too. ' +
        'The flags are not of the hub but of Node, for who starts one.',
      severity: 'error',
      from: { path: '^simulation/', pathNot: SPEC },
      to: {
        path: ['^src/', '^console/', '^test/', '^node_modules/(socket\\.io-client|better-sqlite3|typeorm)/'],
        pathNot: '^src/(domain/intake/mapping|config/node-flags)\\.ts$',
      },
    },
    {
      name: 'checks-know-only-the-wire',
      comment: 'What judges the hub reads histories of the wire. Nothing of the hub itself may tell it what is right.',
      severity: 'error',
      from: { path: '^faults/', pathNot: '^faults/planted/(main|plants|bugs/.*)\\.ts$' },
      to: { path: ['^src/', '^console/', '^node_modules/(better-sqlite3|typeorm)/'] },
    },
    {
      name: 'checks-ask-nobody',
      comment: 'A check is a function of a history alone, so that it can be tested with histories written by hand.',
      severity: 'error',
      from: { path: '^faults/check/' },
      to: { pathNot: ['^faults/(check|history)/', PROTOCOL, '^node:util$', '^util$'] },
    },
    {
      name: 'bugs-stay-outside',
      comment: 'Bugs are planted from outside, by the fault tester. Nothing that is built for everybody knows of them.',
      severity: 'error',
      from: { path: '^(src|client-sdk|console|simulation|bench|deploy)/' },
      to: { path: '^faults/' },
    },
    {
      name: 'features-meet-at-doors',
      comment: 'Features talk by events and commands. What may be used inside one transaction is a door, listed above.',
      severity: 'error',
      from: { path: `^src/(${FEATURES})/`, pathNot: SPEC },
      to: { path: [`^src/(${FEATURES}|identity)/`], pathNot: ['^src/$1/', ...DOORS] },
    },
    {
      name: 'features-never-push',
      comment: 'Consoles learn of a change from the log. A feature that could push would tell what was not committed.',
      severity: 'error',
      from: { path: `^src/(${FEATURES}|identity|commands|event-log|storage|config)/`, pathNot: SPEC },
      to: { path: '^src/realtime/' },
    },
    {
      name: 'foundations-know-no-feature',
      comment: 'Log, bus, storage, identity and sockets serve every feature alike, so they can name none.',
      severity: 'error',
      from: { path: '^src/(realtime|event-log|commands|storage|identity|config)/', pathNot: SPEC },
      to: { path: `^src/(${FEATURES})/`, pathNot: DOORS },
    },
    {
      name: 'config-needs-nothing',
      comment: 'Settings and time are read before anything else stands.',
      severity: 'error',
      from: { path: '^src/config/', pathNot: SPEC },
      to: { path: '^src/', pathNot: '^src/config/' },
    },
    {
      name: 'storage-through-its-port',
      comment: 'Features see transactions, not engines: that is what lets a second database in without touching them.',
      severity: 'error',
      from: { path: `^src/(${FEATURES}|identity|commands|event-log|realtime)/`, pathNot: SPEC },
      to: { path: '^src/storage/', pathNot: '^src/storage/(asked-together|in-lists|shared-time|unit-of-work)\\.ts$' },
    },
    {
      name: 'engines-only-in-storage',
      comment: 'SQL drivers stay behind the unit of work.',
      severity: 'error',
      from: { pathNot: ['^src/storage/', '^test/', '^bench/', SPEC] },
      to: { path: '^node_modules/(better-sqlite3|typeorm|@nestjs/typeorm|mysql2)/' },
    },
    {
      name: 'queues-of-alarms-only-in-adapters',
      comment: 'Bull and Redis are hints that may be lost; only the adapters know how.',
      severity: 'error',
      from: { pathNot: ['^src/deadlines/(bull-alarms|alarm-queues)\\.ts$', '^src/notices/', '^test/', SPEC] },
      to: { path: '^node_modules/(bull|@nestjs/bull(-shared)?|ioredis)/' },
    },
    {
      name: 'redis-only-wakes-up',
      comment: 'What lies on Redis may be gone at any moment: nothing but hints goes there, by one door.',
      severity: 'error',
      from: { pathNot: ['^src/event-log/redis-wake-up\\.ts$', '^test/', SPEC] },
      to: { path: '^node_modules/(redis|@redis)/' },
    },
    {
      name: 'sockets-only-in-realtime',
      comment: 'One door to the consoles, one place that knows Socket.IO.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/realtime/', '^src/app\\.module\\.ts$', SPEC] },
      to: { path: '^node_modules/(socket\\.io|@nestjs/(websockets|platform-socket\\.io))/' },
    },
    {
      name: 'nothing-imports-the-root',
      comment: 'The composition root picks the parts; a part that reached back would pick itself.',
      severity: 'error',
      from: { path: '^src/', pathNot: ['^src/(main|serve|hub)\\.ts$', SPEC] },
      to: { path: '^src/(app\\.module|hub|serve|main)\\.ts$' },
    },
    {
      name: 'code-needs-no-test',
      comment: 'What serves must run where no test tool is installed.',
      severity: 'error',
      from: { path: '^(src|client-sdk/src|simulation|console/src)/', pathNot: [SPEC, '\\.test-d\\.ts$'] },
      to: { path: [SPEC, '^test/', '^node_modules/(jest|@jest|fast-check|playwright-core|@nestjs/testing)/'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist(-preview|-faults)?/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.vue', '.mjs', '.cjs', '.d.ts'],
      mainFields: ['module', 'main', 'types'],
    },
  },
};
