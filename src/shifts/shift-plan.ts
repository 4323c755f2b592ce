import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { Settings } from '../config/settings.js';
import { planFaults, type ShiftKind } from '../domain/shift/shift-plan.js';

const FILE = 'shifts.json';

/** The shifts of every day: data (`config/shifts.json`), checked at the start. [SH1] */
@Injectable()
export class ShiftPlan {
  readonly all: readonly ShiftKind[];

  constructor(settings: Settings) {
    this.all = readPlan(settings.configDir);
  }

  /** By its code or its Chinese name. */
  find(word: string): ShiftKind | undefined {
    return this.all.find(({ code }) => code === word) ?? this.all.find(({ name }) => name === word);
  }

  /** A shift that the plan has no more is called by its code. */
  nameOf(code: string): string {
    return this.all.find((kind) => kind.code === code)?.name ?? code;
  }
}

/** @throws {ConfigurationFault} with every fault at once. */
function readPlan(configDir: string): ShiftKind[] {
  let found: unknown;
  try {
    found = JSON.parse(readFileSync(join(configDir, FILE), 'utf8'));
  } catch {
    throw new ConfigurationFault([`${FILE}：无法读取，或不是正确的 JSON`]);
  }
  const faults = planFaults(found);
  if (faults.length) throw new ConfigurationFault(faults.map((fault) => `${FILE}：${fault}`));
  return found as ShiftKind[];
}
