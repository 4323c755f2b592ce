import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { ROOT, textOf } from './repository.js';

describe('src/api/answers.ts', () => {
  it('is what scripts/openapi.mjs makes of the controllers and the protocol (npm run openapi)', async () => {
    const writer = join(ROOT, 'scripts/openapi.mjs');
    const { answersText } = (await import(writer)) as { answersText: () => Promise<string> };
    expect(textOf('src/api/answers.ts')).toBe(await answersText());
  });
});
