import type { SkillLevel } from '@minqing-hub/client-sdk/protocol';
import { dialectWords } from '../words';
import type { Lists } from './lists';

/** A skill's name, as work asks for it and people have it: `field:{code}`, `dialect:{code}`, `emergency`. */
export function skillWord(skill: string, lists: Lists): string {
  const [kind, code] = skill.split(':');
  if (kind === 'emergency') return '应急';
  if (kind === 'field') return lists.catalogueName(code);
  if (kind === 'dialect') return dialectWords[code ?? ''] ?? code ?? skill;
  return skill;
}

export const skillLevelWord = ({ skill, level }: SkillLevel, lists: Lists): string =>
  `${skillWord(skill, lists)} ${level} 级`;
