/**
 * Writes `docs/asyncapi.yaml`: what stands here by hand, and the schemas of `client-sdk/src/protocol`, read from the
 * types themselves. A test compares the file with what this gives (`test/house/asyncapi.spec.ts`).
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { readTypes } from './type-schemas.mjs';

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
  'whistle:{whistleNo}':
    'One whistle: who was called and who came, what each owes by when, its clocks. Whoever takes part, as somebody of one of its units or below, or leads its task force; the desk, and the offices over all.',
  'order:{orderNo}': 'One order, always whole, and what its requester was told. Whoever may read the order.',
  'supervision:{areaCode}':
    'What supervisors and the petition office watch: complaints from their first dispatch on, what is put aside, and what has been overdue for a workday.',
  lists: 'List versions and list gaps. Those who keep the lists, and dispatchers.',
  knowledge:
    'Which articles were published and retired, by number; no cards. The people of the centre and of units, list administrators.',
  policy:
    'What the city has decided, number by number: each with its value, version and what is planned. Everybody of the house.',
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

const { checker, typeOf, schemas, schemaOf, commandSchemas } = readTypes();

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
