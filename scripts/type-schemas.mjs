/** JSON schemas of the types of `client-sdk/src/protocol`, read from the types themselves. */
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const INDEX = join(root, 'client-sdk/src/protocol/index.ts');

/** The compiler's view of the protocol, and of `others` that use it. */
export function readTypes(others = [], options = {}) {
  const program = ts.createProgram([INDEX, ...others], {
    strict: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    noEmit: true,
    ...options,
  });
  return { program, ...schemasOf(program) };
}

function schemasOf(program) {
  const checker = program.getTypeChecker();
  const index = program.getSourceFile(INDEX);
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

  return { checker, typeOf, schemas, schemaOf, commandSchemas };
}
