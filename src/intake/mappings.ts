import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import type { Mapping } from '../domain/intake/mapping.js';
import { ok, refuse, type Result } from '../domain/result.js';

/** Encodings in which commas, quotes and line breaks are the bytes that they are in ASCII. */
const ENCODINGS = ['utf-8', 'gbk', 'gb18030'];

/** How cities' files become requests: `config/replay/{name}.json`, read when it is used, so a new one needs no restart. */
@Injectable()
export class Mappings {
  constructor(private readonly settings: Settings) {}

  async named(name: string): Promise<Result<Mapping>> {
    const text = /^[\w-]{1,64}$/.test(name) ? await this.read(name) : undefined;
    if (text === undefined) return refuse('not_found', '没有这个对照表（config/replay）', { field: 'mapping' });
    try {
      const mapping: unknown = JSON.parse(text);
      if (isMapping(mapping)) return ok(mapping);
    } catch {
      // Not JSON: said below, like everything else that is wrong with it.
    }
    return refuse('payload_invalid', '对照表内容有误，请检查 config/replay 中的文件', { field: 'mapping' });
  }

  private async read(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.settings.configDir, 'replay', `${name}.json`), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }
}

function isMapping(found: unknown): found is Mapping {
  const { source, encoding, missing, timeZone, fields } = (found ?? {}) as Record<string, unknown>;
  return (
    typeof source === 'string' &&
    typeof encoding === 'string' &&
    ENCODINGS.includes(encoding.toLowerCase()) &&
    Array.isArray(missing) &&
    /^[+-]\d{2}:\d{2}$/.test(String(timeZone)) &&
    typeof fields === 'object' &&
    fields !== null
  );
}
