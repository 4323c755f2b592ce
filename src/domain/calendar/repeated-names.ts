/** A text, then a name with its colon; or a bracket. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}[\]]/g;

/**
 * Names that stand twice in one object of a JSON text: reading it keeps the last one and tells nobody. The text must be
 * valid JSON.
 */
export function repeatedNames(json: string): string[] {
  const open: Set<string>[] = [];
  const repeated = new Set<string>();
  for (const [token, colon] of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      const names = open.at(-1)!;
      if (names.has(name)) repeated.add(name);
      names.add(name);
    }
  }
  return [...repeated];
}
