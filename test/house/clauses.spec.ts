import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { filesOf, textOf } from './repository.js';

const CLAUSE = /\[([A-Z]{1,3}\d{1,3}[a-z]?)\]/g;
const CODE = ['src', 'client-sdk/src', 'console/src', 'simulation', 'test'];

const clausesIn = (text: string) => [...text.matchAll(CLAUSE)].map((match) => match[1]!);

const rules = textOf('docs/rules.md');
const defined = [...rules.matchAll(/^- \*\*\[([^\]]+)\]\*\* \S.*[.。]$/gm)].map((match) => match[1]!);

/** Clause → the tests that quote it: in a title, or in a row of the table that the title is filled from. */
function quotedByTests(): Map<string, string[]> {
  const quotes = new Map<string, string[]>();
  for (const path of CODE.flatMap((folder) => filesOf(folder, '.spec.ts', '.contract.ts'))) {
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && /^(it|test|describe)\b/.test(node.expression.getText(source))) {
        const [title] = node.arguments;
        const table = ts.isCallExpression(node.expression) ? node.expression.arguments : [];
        for (const part of [title, ...table]) {
          if (!part || ts.isArrowFunction(part)) continue;
          for (const clause of clausesIn(part.getText(source))) {
            quotes.set(clause, [...(quotes.get(clause) ?? []), path]);
          }
        }
      }
      ts.forEachChild(node, visit);
    };
    const source = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.ES2022, true);
    visit(source);
  }
  return quotes;
}

/** Clause → the files that name it in a comment or hand it out with a refusal. */
function namedInCode(): Map<string, string[]> {
  const names = new Map<string, string[]>();
  const note = (clause: string, path: string) => names.set(clause, [...(names.get(clause) ?? []), path]);
  for (const path of CODE.flatMap((folder) => filesOf(folder, '.ts', '.vue')).filter(
    (file) => !file.endsWith('.spec.ts'),
  )) {
    const text = textOf(path);
    // Not `rows[R2]`: an index stands right behind a name.
    for (const match of text.matchAll(/(?<![\w\])])\[([A-Z]{1,3}\d{1,3}[a-z]?)\]/g)) note(match[1]!, path);
    for (const match of text.matchAll(/\bclause: '([^']+)'/g)) note(match[1]!, path);
  }
  const policy = JSON.parse(textOf('config/policy.json')) as Record<string, { clause?: string | null }>;
  for (const { clause } of Object.values(policy)) if (clause) note(clause, 'config/policy.json');
  return names;
}

describe('docs/rules.md', () => {
  it('gives every clause one line, with one sentence', () => {
    const lines = rules.split('\n').filter((line) => line.startsWith('- **['));
    expect(lines.filter((line) => !/^- \*\*\[[A-Z]{1,3}\d{1,3}[a-z]?\]\*\* \S.*[.。]$/.test(line))).toEqual([]);
    expect(defined.filter((clause, i) => defined.indexOf(clause) !== i)).toEqual([]);
  });

  it('has no clause that no test quotes', () => {
    const quoted = quotedByTests();
    expect(defined.filter((clause) => !quoted.has(clause))).toEqual([]);
  });

  it('knows every clause that a test quotes', () => {
    const unknown = [...quotedByTests()].filter(([clause]) => !defined.includes(clause));
    expect(Object.fromEntries(unknown)).toEqual({});
  });

  it('knows every clause that code, refusals and policy name', () => {
    const unknown = [...namedInCode()].filter(([clause]) => !defined.includes(clause));
    expect(Object.fromEntries(unknown)).toEqual({});
  });
});
