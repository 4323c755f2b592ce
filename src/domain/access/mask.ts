/** Personal data as it is shown to those who did not say why they need it [DG1]. Pure: text in, text out. */

/** 张三 → 张**: the surname alone; how long the given name is stays unsaid. */
export function maskName(name: string): string {
  const [first = ''] = name.trim();
  return /\d/.test(first) ? '***' : `${first}**`;
}

/** 13812345678 → 138****5678, 075512345678 → 075****5678, 12345 → ***45. */
export function maskPhone(phone: string): string {
  const digits = phone.replace(/\D/g, '');
  return digits.length >= 10 ? `${digits.slice(0, 3)}****${digits.slice(-4)}` : `***${digits.slice(-2)}`;
}

/** Nothing of it: the birthday and the home district stand in the digits. */
export function maskIdNumber(): string {
  return '***';
}

const AREA_END = /^(?:[省市区县镇乡旗盟]|街道|社区)$/;

/** 深圳市坪山区龙田街道老坑路12号 → 深圳市坪山区龙田街道****: down to the street office, never a house. */
export function maskAddress(address: string): string {
  const beforeDigits = [.../^[^\d０-９]*/.exec(address.trim())![0]].slice(0, 24);
  const end = beforeDigits.findLastIndex(
    (character, at) => AREA_END.test(character) || AREA_END.test(`${beforeDigits[at - 1] ?? ''}${character}`),
  );
  return `${beforeDigits.slice(0, end < 0 ? 2 : end + 1).join('')}****`;
}
