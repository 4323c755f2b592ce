const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECK_CHARACTERS = '10X98765432';

/** An 18-digit citizen or residence number (GB 11643): region, a day that exists, and the right check character. */
export function isIdNumber(written: string): boolean {
  const parts = /^[1-9]\d{5}((?:18|19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx]$/.exec(written);
  if (!parts) return false;
  return (
    isDay(Number(parts[1]), Number(parts[2]), Number(parts[3])) &&
    checkCharacter(written) === written.slice(17).toUpperCase()
  );
}

function checkCharacter(idNumber: string): string {
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * Number(idNumber.charAt(place)), 0);
  return CHECK_CHARACTERS.charAt(sum % 11);
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
