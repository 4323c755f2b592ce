import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesOf, textOf } from './repository.js';

const ASKS = ['number', 'choice', 'limit', 'value'];
const keys = Object.keys(JSON.parse(textOf('config/policy.json')) as object);

/** `policy.number('offer.seconds')`, also where a part of the key is put in. */
function asksPolicy(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return false;
  const [key] = node.arguments;
  if (!key || !ASKS.includes(node.expression.name.text)) return false;
  if (ts.isStringLiteral(key)) return keys.includes(key.text);
  return ts.isTemplateExpression(key) && keys.some((one) => one.startsWith(key.head.text));
}

/** Asked while something is being made: the answer is a copy that no change of the policy reaches. */
function copies(call: ts.Node): boolean {
  for (let at = call.parent; at; at = at.parent) {
    if (ts.isConstructorDeclaration(at) || ts.isPropertyDeclaration(at) || ts.isSourceFile(at)) return true;
    if (ts.isFunctionLike(at)) return false;
  }
  return true;
}

function callsIn(path: string, text = textOf(path)): { asked: number; copied: string[] } {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
  const found = { asked: 0, copied: [] as string[] };
  const visit = (node: ts.Node): void => {
    if (asksPolicy(node)) {
      found.asked += 1;
      if (copies(node)) found.copied.push(`${path}: ${node.getText(source)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

describe('[PC1] the policy is asked each time', () => {
  const files = filesOf('src', '.ts').filter((path) => !path.endsWith('.spec.ts'));

  it('and copied at no place', () => {
    const found = files.map((path) => callsIn(path));
    expect(found.flatMap(({ copied }) => copied)).toEqual([]);
    expect(found.reduce((sum, { asked }) => sum + asked, 0)).toBeGreaterThan(40);
  });

  it.each([
    ['a constructor', `class A { constructor(policy) { this.ms = policy.number('offer.seconds'); } }`, 1],
    ['a field', `class A { ms = this.policy.number('offer.seconds'); }`, 1],
    ['a module', `const ms = policy.choice('shift.handover');`, 1],
    ['a getter', `class A { get ms() { return this.policy.number('offer.seconds'); } }`, 0],
    ['a function of a field', `class A { ms = () => this.policy.number('offer.seconds'); }`, 0],
    ['another thing’s number', `class A { n = x.number('something.else'); }`, 0],
  ])('as this test can tell: %s', (_what, text, copied) => {
    expect(callsIn('x.ts', text).copied).toHaveLength(copied);
  });
});
