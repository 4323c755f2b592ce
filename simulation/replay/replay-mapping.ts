import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { columnsOf, type Mapping } from '../../src/domain/intake/mapping.js';
import { Fault } from '../fault.js';
import { columnsIn, type Template } from './template.js';

/** One kind of unit that rows name. Rows in which `unitId` has a missing part name none. */
export interface UnitSource {
  unitId: Template;
  /** Of several the most frequent, of equally frequent ones the latest; missing in all rows: the id. */
  name: Template;
  type: string;
  level: string;
  parentId?: Template;
  areaCode?: Template;
  areaType?: string;
}

/** One level of the catalogue. */
export interface MatterSource {
  code: Template;
  name: Template;
  parentCode?: Template;
}

/**
 * What a replay needs beside the requests themselves (`Mapping`). All of it is data, so that another city's file needs
 * another mapping and no code.
 */
export interface ReplayMapping extends Mapping {
  replay: {
    /** Told in the report: what was chosen when the file's words were put into codes. */
    notes: string[];
    /** The unit that dealt with the request, as recorded. */
    recordedUnit: Template;
    units: UnitSource[];
    catalogue: MatterSource[];
    learning: {
      /** Area codes of a row for which rules are learnt, nearest first. */
      areas: Template[];
      /** A rule needs so many earlier rows that named its unit … */
      minSupport: number;
      /** … and this share of all earlier rows of its matter and area. */
      minShare: number;
    };
    /** Counted for the report: rows in which a column holds a value. */
    counts: { name: string; column: string; value: string }[];
  };
}

/** @throws {Fault} when there is none, or it cannot be used. */
export async function readMapping(configDir: string, name: string): Promise<ReplayMapping> {
  const file = join(configDir, 'replay', `${name}.json`);
  let mapping: ReplayMapping;
  try {
    mapping = JSON.parse(await readFile(file, 'utf8')) as ReplayMapping;
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'is not there' : 'is not JSON';
    throw new Fault(`The mapping ${file} ${why}.`);
  }
  const { fields, missing, replay } = mapping;
  const lacking = Object.entries({
    source: mapping.source,
    encoding: mapping.encoding,
    missing,
    timeZone: mapping.timeZone,
    'fields.sourceId': fields?.sourceId,
    'fields.occurredAt': fields?.occurredAt,
    'replay.notes': replay?.notes,
    'replay.recordedUnit': replay?.recordedUnit,
    'replay.units': replay?.units,
    'replay.catalogue': replay?.catalogue,
    'replay.learning': replay?.learning,
    'replay.counts': replay?.counts,
  })
    .filter(([, value]) => value === undefined)
    .map(([path]) => path);
  if (lacking.length > 0) throw new Fault(`The mapping ${file} lacks ${lacking.join(', ')}.`);
  return mapping;
}

/** Every column that a replay reads. */
export function columnsNeeded(mapping: ReplayMapping): string[] {
  const { recordedUnit, units, catalogue, learning, counts } = mapping.replay;
  const templates = [
    recordedUnit,
    ...units.flatMap(({ unitId, name, parentId, areaCode }) => [unitId, name, parentId, areaCode]),
    ...catalogue.flatMap(({ code, name, parentCode }) => [code, name, parentCode]),
    ...learning.areas,
  ];
  const columns = templates.flatMap((template) => (template === undefined ? [] : columnsIn(template)));
  return [...new Set([...columnsOf(mapping), ...columns, ...counts.map(({ column }) => column)])];
}
