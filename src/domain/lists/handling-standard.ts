/** LI3: how a matter is to be dealt with, and by when. */
export interface HandlingStandard {
  catalogCode: string;
  /** `null`: everywhere. */
  areaCode: string | null;
  /** `null`: every unit. */
  unitId: string | null;
  procedureType: ProcedureType;
  limit: number;
  limitBasis: LimitBasis;
  /** For recommended standards: within this a district may set its own limit; same basis as the limit. */
  bandMin: number | null;
  bandMax: number | null;
  bindingness: Bindingness;
  text: string | null;
  closingRequirements: string | null;
}

export type ProcedureType = 'simple' | 'standard' | 'special';
/** `days`: natural days; `workdays`: by the official calendar. Never converted into one another. */
export type LimitBasis = 'hours' | 'days' | 'workdays';
export type Bindingness = 'mandatory' | 'recommended' | 'local';

/** A standard for everybody, as against one that an area or a unit has set for itself. */
export const isGeneral = ({ areaCode, unitId }: HandlingStandard): boolean => areaCode === null && unitId === null;

/** Whose standard is asked for; both nearest first, from the area or unit itself outwards. */
export interface StandardQuestion {
  matterCodes: readonly string[];
  areaCodes: readonly string[];
  unitIds: readonly string[];
}

/**
 * The standard that holds: of the matter itself before that of a wider matter; a mandatory one before every other
 * [LI4]; then the unit's own, the nearest area's, the general one.
 */
export function chooseStandard(
  question: StandardQuestion,
  standards: readonly HandlingStandard[],
): HandlingStandard | undefined {
  const fits = standards.filter(
    ({ areaCode, unitId }) =>
      (areaCode === null || question.areaCodes.includes(areaCode)) &&
      (unitId === null || question.unitIds.includes(unitId)),
  );
  for (const code of question.matterCodes) {
    const ofMatter = fits.filter(({ catalogCode }) => catalogCode === code);
    const mandatory = ofMatter.filter(({ bindingness }) => bindingness === 'mandatory');
    const [first] = (mandatory.length ? mandatory : ofMatter).sort(
      (a, b) => farness(a, question) - farness(b, question),
    );
    if (first) return first;
  }
  return undefined;
}

function farness({ areaCode, unitId }: HandlingStandard, { areaCodes, unitIds }: StandardQuestion): number {
  const far = (code: string | null, nearestFirst: readonly string[]): number =>
    code === null ? nearestFirst.length : nearestFirst.indexOf(code);
  return far(unitId, unitIds) * (areaCodes.length + 1) + far(areaCode, areaCodes);
}

/** Why a district's own standard may not stand beside the general one [LI4]; `undefined`: it may. */
export function conflictWithGeneral(own: HandlingStandard, general: HandlingStandard): string | undefined {
  if (general.bindingness === 'mandatory') return '该事项有强制标准，地区和单位不得另定';
  if (general.bindingness !== 'recommended' || general.bandMin === null || general.bandMax === null) return undefined;
  if (own.limitBasis !== general.limitBasis) return '时限单位须与推荐标准一致';
  if (own.limit < general.bandMin || own.limit > general.bandMax) return '时限超出推荐标准的区间';
  return undefined;
}
