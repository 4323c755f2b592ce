/**
 * Writes `src/api/answers.ts`: what every route answers, as JSON schemas, read from the return types of the controllers
 * and from `client-sdk/src/protocol`. The hub makes its OpenAPI document with it. A test compares the file with what
 * this gives (`test/house/openapi.spec.ts`).
 */
import { writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { readTypes } from './type-schemas.mjs';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const FILE = join(root, 'src/api/answers.ts');

/** What no route answers by its type: errors, and the lines of streams. */
const MORE = ['Problem', 'BatchLine', 'CommandName'];

function answers() {
  const config = ts.getParsedCommandLineOfConfigFile(
    join(root, 'tsconfig.json'),
    {},
    {
      ...ts.sys,
      onUnRecoverableConfigFileDiagnostic(fault) {
        throw new Error(ts.flattenDiagnosticMessageText(fault.messageText, '\n'));
      },
    },
  );
  const controllers = config.fileNames.filter((file) => file.endsWith('.controller.ts'));
  const { program, checker, typeOf, schemas, schemaOf, commandSchemas } = readTypes(controllers, config.options);
  const operations = {};
  for (const file of controllers) {
    program.getSourceFile(file).forEachChild((node) => {
      if (!ts.isClassDeclaration(node) || !isController(node)) return;
      for (const member of node.members) {
        if (!ts.isMethodDeclaration(member) || !ts.getDecorators(member)?.length) continue;
        const type = checker.getAwaitedType(checker.getSignatureFromDeclaration(member).getReturnType());
        if (!(type.flags & ts.TypeFlags.Void)) {
          operations[`${node.name.text}_${member.name.getText()}`] = schemaOf(type);
        }
      }
    });
  }
  const results = Object.fromEntries(Object.entries(commandSchemas()).map(([name, { result }]) => [name, result]));
  for (const name of MORE) {
    if (name === 'CommandName') schemas.CommandName = { type: 'string', enum: Object.keys(results) };
    else schemaOf(typeOf(name));
  }
  return { operations: sorted(operations), results, schemas: sorted(schemas) };
}

const isController = (node) =>
  ts.getDecorators(node)?.some((decorator) => /^Controller\b/.test(decorator.expression.getText())) ?? false;
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));

export async function answersText() {
  const { operations, results, schemas } = answers();
  const text = `// Made by scripts/openapi.mjs from the controllers and the protocol: change those, then npm run openapi.
import type { Schema } from './schema.js';

/** By operation: controller and method. */
export const ANSWERS: Readonly<Record<string, Schema>> = ${JSON.stringify(operations)};

/** By command. */
export const RESULTS: Readonly<Record<string, Schema>> = ${JSON.stringify(results)};

/** What those refer to. */
export const SCHEMAS: Readonly<Record<string, Schema>> = ${JSON.stringify(schemas)};
`;
  return format(text, { ...(await resolveConfig(FILE)), parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(FILE, await answersText());
