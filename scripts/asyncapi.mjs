/**
 * Writes `docs/asyncapi.yaml`: what stands here by hand, and the schemas of `client-sdk/src/protocol`, read from the
 * types themselves. A test compares the file with what this gives (`test/house/asyncapi.spec.ts`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { stringify } from 'yaml';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const FILE = join(root, 'docs/asyncapi.yaml');

// ---- by hand: what types do not say

const ROOMS = {
  'queue:{queueId}':
    'A live queue: its items; in `callback` also the call-backs that wait for their time. Seats whose roles work on it, shift leaders.',
  'head:{queueId}':
    'How a queue stands and its first items, as `latest`; no cards, no events. Whoever may enter `queue:{queueId}`.',
  'seat:{seatId}':
    'One seat: itself, what it was offered or holds, and the call that rings or is spoken there. The person on the seat, shift leaders, and whoever listens there while in training, as long as nothing confidential is there.',
  floor: 'All seats and their presence, and the calls that ring or are spoken. Shift leaders.',
  'desk:{level}': 'Orders that the dispatch desk still has to see to. Dispatchers, arbiters, shift leaders.',
  'unit:{unitId}': 'Orders of a unit and of those below it, until they end. Its people, and those of the units above.',
  'leader:{unitId}': "What a unit's deputy and principal leader must know.",
  'order:{orderNo}': 'One order, always whole. Whoever may read the order.',
  'supervision:{areaCode}': 'What supervisors and the petition office watch: complaints from their first dispatch on.',
  lists: 'List versions and list gaps. Those who keep the lists, and dispatchers.',
  knowledge:
    'Which articles were published and retired, by number; no cards. The people of the centre and of units, list administrators.',
};

const CALLS = {
  subscribe: {
    reply: 'SubscribeAnswer',
    text: 'Enter a room. Without `offset`, or when it cannot be resumed, a snapshot; the next event then has `offset` + 1. The current `latest` of each key of the room follows.',
  },
  unsubscribe: { reply: 'UnsubscribeAnswer', text: 'Leave a room.' },
  renew: { reply: 'RenewAnswer', text: 'Go on with a newer token of the same user.' },
  command: {
    reply: 'CommandAnswer',
    text: 'Do something. The answer carries what the caller needs; the change itself comes to everybody, the caller too, as a frame.',
  },
};

const PUSHES = {
  frame: 'Events of one room, without a hole: `events[i]` has offset `from` + i.',
  snapshotPart: 'The second and later parts of a large snapshot, before any frame of the room.',
  latest: 'A conflated value; only the newest version of a key matters.',
  resync: 'Subscribe again, with your offset.',
  revoked: 'The room is closed to this socket.',
  goaway: 'Connect again, or elsewhere, after `retryAfterMs`.',
  pulse: "The hub's time and how far this node is behind the log, every 5 s.",
};

const ABOUT =
  'Socket.IO 4, path `/socket.io`, `auth: {token}` from `POST /api/auth/login`. Every call is answered by its ack, ' +
  'also unknown names, malformed payloads, missing rights and failures inside. What happens is told in rooms, as ' +
  'events with gapless offsets. No names, phones, ids, addresses or free text in events.';

/** `result` is the `x-result` of the command. */
const COMMAND_ANSWER = {
  oneOf: [
    { type: 'object', properties: { ok: { const: true }, result: { type: 'object' } }, required: ['ok', 'result'] },
    {
      type: 'object',
      properties: { ok: { const: false }, error: { $ref: '#/components/schemas/HubError' } },
      required: ['ok', 'error'],
    },
  ],
};

// ---- from the types

const program = ts.createProgram([join(root, 'client-sdk/src/protocol/index.ts')], {
  strict: true,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  target: ts.ScriptTarget.ES2022,
  noEmit: true,
});
const checker = program.getTypeChecker();
const index = program.getSourceFile(join(root, 'client-sdk/src/protocol/index.ts'));
const exported = new Map(
  checker.getExportsOfModule(checker.getSymbolAtLocation(index)).map((symbol) => [symbol.getName(), symbol]),
);
const typeOf = (name) => checker.getDeclaredTypeOfSymbol(exported.get(name));

/** Schemas by name, filled as they are met. */
const schemas = {};
const generic = (name) => exported.get(name).declarations.some((declaration) => declaration.typeParameters?.length);

/** A named type becomes a schema of its own and a reference to it. */
function schemaOf(type) {
  const name = type.aliasSymbol?.getName() ?? type.symbol?.getName();
  const own = name && exported.get(name);
  if (own && !generic(name) && !type.isLiteral() && typeOf(name) === type) {
    if (!schemas[name]) {
      schemas[name] = {};
      const description = textOf(own);
      schemas[name] = { ...(description && { description }), ...inOrder(inline(type), own.declarations[0]) };
    }
    return { $ref: `#/components/schemas/${name}` };
  }
  return inline(type);
}

const textOf = (symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker)) || undefined;
const has = (type, flag) => (type.flags & flag) !== 0;

function inline(type) {
  if (has(type, ts.TypeFlags.Unknown | ts.TypeFlags.Any)) return {};
  if (type.isStringLiteral() || type.isNumberLiteral()) return { const: type.value };
  if (has(type, ts.TypeFlags.BooleanLiteral)) return { const: checker.typeToString(type) === 'true' };
  if (has(type, ts.TypeFlags.String)) return { type: 'string' };
  if (has(type, ts.TypeFlags.Number)) return { type: 'number' };
  if (has(type, ts.TypeFlags.Boolean)) return { type: 'boolean' };
  if (has(type, ts.TypeFlags.Null)) return { type: 'null' };
  if (has(type, ts.TypeFlags.TemplateLiteral)) return { type: 'string', pattern: patternOf(type) };
  if (type.isUnion()) return unionOf(type.types.filter((one) => !has(one, ts.TypeFlags.Undefined)));
  if (checker.isArrayType(type)) return { type: 'array', items: schemaOf(checker.getTypeArguments(type)[0]) };
  return objectOf(type);
}

function patternOf(type) {
  const escaped = type.texts.map((text) => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return `^${escaped.reduce((all, text) => `${all}.+${text}`)}$`;
}

function unionOf(types) {
  if (types.length === 1) return schemaOf(types[0]);
  if (types.every((one) => has(one, ts.TypeFlags.BooleanLiteral))) return { type: 'boolean' };
  if (types.every((one) => one.isStringLiteral())) return { type: 'string', enum: types.map((one) => one.value) };
  const isNull = (one) => Number(has(one, ts.TypeFlags.Null));
  const some = types.filter((one) => !has(one, ts.TypeFlags.BooleanLiteral)).sort((a, b) => isNull(a) - isNull(b));
  const both = types.length - some.length === 2 ? [{ type: 'boolean' }] : [];
  const single = types.length - some.length === 1 ? types.filter((one) => !some.includes(one)).map(inline) : [];
  const literals = some.filter((one) => one.isStringLiteral());
  const asEnum = literals.length > 1 ? [{ type: 'string', enum: literals.map((one) => one.value) }] : [];
  const others = some.filter((one) => literals.length < 2 || !one.isStringLiteral()).map(schemaOf);
  return { oneOf: [...asEnum, ...others, ...both, ...single] };
}

function objectOf(type) {
  const properties = {};
  const required = [];
  for (const property of checker.getPropertiesOfType(type)) {
    const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
    const description = textOf(property);
    properties[property.getName()] = {
      ...(someFieldsOf(property) ?? schemaOf(declaredType(property))),
      ...(description && { description }),
    };
    if (!optional) required.push(property.getName());
  }
  const [rest] = checker.getIndexInfosOfType(type);
  return {
    type: 'object',
    ...(Object.keys(properties).length && { properties }),
    ...(required.length && { required }),
    ...(rest && { additionalProperties: schemaOf(rest.type) }),
  };
}

/** The type by its name where it has one: an optional property's own type is a union with `undefined`, without a name. */
function declaredType(property) {
  const node = property.valueDeclaration?.type;
  const name = node && ts.isTypeReferenceNode(node) && !node.typeArguments && node.typeName.getText();
  return name && exported.has(name) && !generic(name) ? typeOf(name) : checker.getTypeOfSymbol(property);
}

/** The compiler forgets in which order a union was written; a reader would miss it. */
function inOrder(schema, declaration) {
  if (!schema.enum || !declaration?.type) return schema;
  const written = literalsOf(declaration.type);
  const place = (value) => (written.includes(value) ? written.indexOf(value) : written.length);
  return { ...schema, enum: [...schema.enum].sort((a, b) => place(a) - place(b) || (a < b ? -1 : 1)) };
}

function literalsOf(node) {
  if (ts.isUnionTypeNode(node)) return node.types.flatMap(literalsOf);
  if (ts.isLiteralTypeNode(node) && ts.isStringLiteral(node.literal)) return [node.literal.text];
  const named = ts.isTypeReferenceNode(node) && exported.get(node.typeName.getText())?.declarations[0];
  return named && ts.isTypeAliasDeclaration(named) ? literalsOf(named.type) : [];
}

/** Some fields of any of several cards: written out they would bury the rest. */
function someFieldsOf(property) {
  const text = property.valueDeclaration?.type?.getText() ?? '';
  if (!/^Partial<\w+>( \| Partial<\w+>)+$/.test(text)) return undefined;
  const cards = text.replaceAll(/Partial<(\w+)>/g, '$1').replaceAll(' |', ' or');
  return { type: 'object', description: `The fields that changed, of ${cards}.` };
}

/** Command name → its payload and result. */
function commandSchemas() {
  return Object.fromEntries(
    checker.getPropertiesOfType(typeOf('Commands')).map((command) => {
      const call = checker.getTypeOfSymbol(command);
      const part = (name) => checker.getTypeOfSymbol(call.getProperty(name));
      return [command.getName(), { payload: inline(part('payload')), result: schemaOf(part('result')) }];
    }),
  );
}

/** The argument of a function-typed member of `ClientToHub` or `HubToClient`; `at` 1 is the ack, whose argument is the answer. */
function argumentOf(direction, name, at = 0) {
  const member = typeOf(direction).getProperty(name);
  const [signature] = checker.getTypeOfSymbol(member).getCallSignatures();
  const type = checker.getTypeOfSymbol(signature.parameters[at]);
  if (at === 0) return type;
  return checker.getTypeOfSymbol(type.getCallSignatures()[0].parameters[0]);
}

const capital = (name) => name[0].toUpperCase() + name.slice(1);
const ref = (path) => ({ $ref: `#/${path}` });

// ---- the document

export function asyncApi() {
  for (const name of ['RoomName', 'EventType', 'ErrorCode', 'HubError', 'HubEvent', 'Card']) schemaOf(typeOf(name));
  schemas.CommandName = {
    type: 'string',
    enum: checker.getPropertiesOfType(typeOf('Commands')).map((c) => c.getName()),
  };
  const messages = {};
  const operations = {};
  const listed = (names) => names.map((name) => ref(`channels/hub/messages/${name}`));

  for (const [name, { reply, text }] of Object.entries(CALLS)) {
    const calls = name === 'command' ? commandMessages(messages) : [name];
    if (name !== 'command') messages[name] = { payload: schemaOf(argumentOf('ClientToHub', name)) };
    messages[reply] = { payload: name === 'command' ? COMMAND_ANSWER : schemaOf(argumentOf('ClientToHub', name, 1)) };
    operations[name] = {
      action: 'receive',
      summary: text,
      channel: ref('channels/hub'),
      messages: listed(calls),
      reply: { channel: ref('channels/hub'), messages: listed([reply]) },
    };
  }
  for (const [name, text] of Object.entries(PUSHES)) {
    messages[name] = { payload: schemaOf(argumentOf('HubToClient', name)) };
    operations[`push${capital(name)}`] = {
      action: 'send',
      summary: text,
      channel: ref('channels/hub'),
      messages: listed([name]),
    };
  }

  return {
    asyncapi: '3.0.0',
    info: {
      title: 'minqing-hub: the socket',
      version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
      description: ABOUT,
    },
    defaultContentType: 'application/json',
    servers: {
      embedded: {
        host: 'localhost:{port}',
        pathname: '/socket.io',
        protocol: 'ws',
        description: 'Socket.IO; the port is `HUB_PORT`.',
        variables: { port: { default: '3000' } },
      },
    },
    channels: {
      hub: {
        address: '/',
        description: 'The one namespace. A message carries its name as the name of the Socket.IO event.',
        messages: Object.fromEntries(Object.keys(messages).map((name) => [name, ref(`components/messages/${name}`)])),
        'x-rooms': Object.fromEntries(Object.entries(ROOMS).map(([room, description]) => [room, { description }])),
      },
    },
    operations,
    components: { messages, schemas: Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1))) },
  };
}

/** Each command is a message of the one call `command`; `x-result` is what its answer carries. */
function commandMessages(messages) {
  return Object.entries(commandSchemas()).map(([name, { payload, result }]) => {
    const key = `command.${name}`;
    messages[key] = {
      name: 'command',
      title: name,
      payload: {
        type: 'object',
        properties: { name: { const: name }, commandId: { type: 'string', format: 'uuid' }, payload },
        required: ['name', 'commandId', 'payload'],
      },
      'x-result': result,
    };
    return key;
  });
}

export const asyncApiText = () =>
  `# Made by scripts/asyncapi.mjs from client-sdk/src/protocol: change the types or that file, then npm run asyncapi.\n` +
  stringify(asyncApi(), { lineWidth: 120, aliasDuplicateObjects: false });

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, asyncApiText());
