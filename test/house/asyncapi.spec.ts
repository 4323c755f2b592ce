import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import ts from 'typescript';
import { parse } from 'yaml';
import { filesOf, ROOT, textOf } from './repository.js';

interface Schema {
  enum?: string[];
  oneOf?: Schema[];
  pattern?: string;
  const?: string;
  properties?: Record<string, Schema>;
}
interface Document {
  channels: { hub: { messages: object; 'x-rooms': Record<string, object> } };
  operations: Record<string, { action: 'send' | 'receive'; messages: { $ref: string }[] }>;
  components: { messages: Record<string, { title?: string; payload: Schema }>; schemas: Record<string, Schema> };
}

const text = textOf('docs/asyncapi.yaml');
const document = parse(text) as Document;

/** Reads the protocol's source again, by another way than the one that wrote the document. */
const declarations = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
for (const path of filesOf('client-sdk/src/protocol', '.ts')) {
  ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022, true).forEachChild((node) => {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) declarations.set(node.name.text, node);
  });
}

/** Of an interface and those that it extends, its own first. */
function memberNames(name: string): string[] {
  const found = declarations.get(name);
  if (!found || !ts.isInterfaceDeclaration(found)) throw new Error(`the protocol has no interface ${name}`);
  const upper = found.heritageClauses?.flatMap(({ types }) => types.map((type) => memberNames(type.getText()))) ?? [];
  return [...found.members.map((member) => member.name!.getText()), ...upper.flat()];
}

/** All string literals of a union, other unions that it names included. */
function literals(name: string): string[] {
  const found = declarations.get(name);
  if (!found || !ts.isTypeAliasDeclaration(found)) throw new Error(`the protocol has no type ${name}`);
  const parts = ts.isUnionTypeNode(found.type) ? [...found.type.types] : [found.type];
  return parts.flatMap((part) =>
    ts.isLiteralTypeNode(part) && ts.isStringLiteral(part.literal) ? [part.literal.text] : literals(part.getText()),
  );
}

/** `queue:${QueueId}` → `queue:` */
function roomStarts(): string[] {
  const { type } = declarations.get('RoomName') as ts.TypeAliasDeclaration;
  return (type as ts.UnionTypeNode).types.map((part) => part.getText().replace(/^[`']([a-z:]+).*$/, '$1'));
}

describe('docs/asyncapi.yaml', () => {
  it('is what scripts/asyncapi.mjs makes of the protocol (npm run asyncapi)', async () => {
    const writer = join(ROOT, 'scripts/asyncapi.mjs');
    const { asyncApiText } = (await import(writer)) as { asyncApiText: () => string };
    expect(text).toBe(asyncApiText());
  });

  it('names exactly the commands of the protocol', () => {
    const messages = Object.entries(document.components.messages).filter(([key]) => key.startsWith('command.'));
    expect(messages.map(([, { payload }]) => payload.properties!.name!.const)).toEqual(memberNames('Commands'));
    expect(document.components.schemas.CommandName!.enum).toEqual(memberNames('Commands'));
  });

  it('names exactly the event types and the error codes of the protocol', () => {
    expect([...document.components.schemas.EventType!.enum!].sort()).toEqual(literals('EventType').sort());
    expect([...document.components.schemas.ErrorCode!.enum!].sort()).toEqual(literals('ErrorCode').sort());
  });

  it('tells of every room who may enter it', () => {
    const starts = Object.keys(document.channels.hub['x-rooms']).map((room) => room.replace(/\{.*$/, ''));
    expect(starts.sort()).toEqual(roomStarts().sort());
  });

  it('has an operation for every call and every push', () => {
    const operations = Object.entries(document.operations);
    const named = (action: string) => operations.filter(([, operation]) => operation.action === action);
    expect(named('receive').map(([name]) => name)).toEqual(memberNames('ClientToHub'));
    expect(named('send').map(([, { messages }]) => messages[0]!.$ref.split('/').at(-1))).toEqual(
      memberNames('HubToClient'),
    );
  });

  it('refers to nothing that is not there', () => {
    const broken = [...text.matchAll(/\$ref: "#\/([^"]+)"/g)]
      .map((match) => match[1]!)
      .filter(
        (path) =>
          path.split('/').reduce<unknown>((at, key) => (at as Record<string, unknown>)?.[key], document) === undefined,
      );
    expect(broken).toEqual([]);
  });
});
