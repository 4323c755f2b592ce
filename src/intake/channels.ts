import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { Settings } from '../config/settings.js';

export interface Channel {
  code: string;
  /** Chinese. */
  name: string;
}

/** The ways in which requests come in [IN2]: data (`config/channels.json`), treated alike whatever the channel. */
@Injectable()
export class Channels {
  readonly all: readonly Channel[];
  private readonly codes: ReadonlySet<string>;

  constructor(settings: Settings) {
    this.all = readChannels(join(settings.configDir, 'channels.json'));
    this.codes = new Set(this.all.map(({ code }) => code));
  }

  has(code: string): boolean {
    return this.codes.has(code);
  }

  /** [CT5] What a call came in by: the line that was dialled where it is a channel, else the first of the list. */
  ofLine(line: string | null): string {
    return line !== null && this.has(line) ? line : this.all[0]!.code;
  }
}

/** @throws {ConfigurationFault} */
function readChannels(file: string): Channel[] {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    throw new ConfigurationFault(['channels.json：无法读取，或不是正确的 JSON']);
  }
  const faults = Array.isArray(found) ? found.flatMap(channelFaults) : ['channels.json：应为列表'];
  const codes = faults.length ? [] : (found as Channel[]).map(({ code }) => code);
  for (const code of new Set(codes.filter((code, at) => codes.indexOf(code) !== at))) {
    faults.push(`channels.json：编号 ${code} 重复`);
  }
  if (faults.length) throw new ConfigurationFault(faults);
  return found as Channel[];
}

function channelFaults(entry: unknown, at: number): string[] {
  const { code, name } = (entry ?? {}) as Record<string, unknown>;
  const faults: string[] = [];
  if (typeof code !== 'string' || !/^[\w-]{1,32}$/.test(code)) faults.push('code 应为1到32个字母、数字、_ 或 -');
  if (typeof name !== 'string' || !name.trim()) faults.push('name 不能为空');
  return faults.map((fault) => `channels.json 第 ${at + 1} 项：${fault}`);
}
