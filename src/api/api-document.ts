import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { CommandBus } from '../commands/command-bus.js';
import { HTTP_STATUS } from '../commands/http-status.js';
import { bodyClasses, schemaRef } from '../commands/takes-body.js';
import { ANSWERS, RESULTS, SCHEMAS } from './answers.js';
import { payloadSchema } from './payload-schema.js';
import type { Schema } from './schema.js';

interface Answer {
  description: string;
  content?: Record<string, { schema: Schema }>;
}
interface Operation {
  operationId: string;
  requestBody?: unknown;
  responses: Record<string, Answer>;
}
type PayloadClass = new () => object;

const REF = '#/components/schemas/';
/** The one route whose body is any of the commands. */
const COMMANDS = 'CommandsController_execute';

const FORM = new DocumentBuilder()
  .setTitle('民情枢纽 minqing-hub')
  .setDescription(
    '诉求受理、分拨与协同。所有错误为 RFC 9457 problem+json，code 见 ErrorCode，其 HTTP 状态码见 x-status。',
  )
  .setVersion('1')
  .setOpenAPIVersion('3.1.0')
  .addBearerAuth()
  .addApiKey({ type: 'apiKey', in: 'header', name: 'X-Api-Key' }, 'apiKey')
  .build();

/**
 * The description of the HTTP API. Nothing of it is written twice: routes are the framework's, bodies are the classes
 * that check them, answers are the return types of the controllers, errors are the codes of the protocol.
 */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const document = SwaggerModule.createDocument(app, FORM);
  const schemas = new Schemas();
  for (const type of bodyClasses().values()) schemas.ofPayload(type);
  for (const path of Object.values(document.paths)) {
    for (const operation of Object.values(path) as Operation[]) {
      if (operation.operationId === COMMANDS) describeCommands(operation, app.get(CommandBus), schemas);
      describeAnswers(operation);
    }
  }
  schemas.named.ErrorCode = { ...SCHEMAS.ErrorCode, 'x-status': HTTP_STATUS } as Schema;
  document.components = { ...document.components, schemas: schemas.with(document.paths) as never };
  return document;
}

/** A schema for each name that the document uses, and for what those use in turn. */
class Schemas {
  readonly named: Record<string, Schema> = {};

  ofPayload(type: PayloadClass): Schema {
    const { [type.name]: known } = this.named;
    const schema = payloadSchema(type);
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) throw new Error(`two payloads named ${type.name}`);
    this.named[type.name] = schema;
    return { $ref: schemaRef(type) };
  }

  with(paths: unknown): Record<string, Schema> {
    const wanted = [...refsIn(paths), ...refsIn(this.named), 'ErrorCode'];
    const all: Record<string, Schema> = {};
    for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
      if (all[name]) continue;
      const schema = this.named[name] ?? SCHEMAS[name];
      if (!schema) throw new Error(`the API's description has no schema ${name}`);
      all[name] = schema;
      wanted.push(...refsIn(schema));
    }
    return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function refsIn(part: unknown): string[] {
  const found = [...JSON.stringify(part).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
  return found.map(([, name]) => name!);
}

/** Success is what the controller answers, everything else a problem. */
function describeAnswers({ operationId, responses }: Operation): void {
  const { [operationId]: answer } = ANSWERS;
  // The framework names no success where a route names only its failures.
  if (!Object.keys(responses).some((status) => status.startsWith('2'))) responses['200'] = { description: '' };
  for (const [status, response] of Object.entries(responses)) {
    if (response.content) continue;
    if (status.startsWith('2')) {
      if (answer) response.content = { 'application/json': { schema: answer } };
    } else response.content = problemContent();
  }
  responses.default ??= { description: 'RFC 9457 problem+json，code 为稳定的错误码', content: problemContent() };
}

const problemContent = () => ({ 'application/problem+json': { schema: { $ref: `${REF}Problem` } } });

/** Each command with its own payload and result; those that only the hub issues are nobody's business. */
function describeCommands(operation: Operation, bus: CommandBus, schemas: Schemas): void {
  const open = bus.described.filter(({ who }) => who.some((role) => role !== 'system'));
  schemas.named.CommandCall = {
    oneOf: open.map(({ name, payload }) => ({
      type: 'object',
      properties: {
        name: { const: name },
        commandId: { type: 'string', format: 'uuid' },
        payload: schemas.ofPayload(payload),
      },
      required: ['name', 'commandId', 'payload'],
      ...(RESULTS[name] && { 'x-result': RESULTS[name] }),
    })),
  };
  operation.requestBody = {
    required: true,
    content: { 'application/json': { schema: { $ref: `${REF}CommandCall` } } },
  };
  const results = new Map(
    open.flatMap(({ name }) => (RESULTS[name] ? [[JSON.stringify(RESULTS[name]), RESULTS[name]]] : [])),
  );
  operation.responses['200']!.content = {
    'application/json': {
      schema: {
        type: 'object',
        properties: { ok: { const: true }, result: { anyOf: [...results.values()] } },
        required: ['ok', 'result'],
      },
    },
  };
}
