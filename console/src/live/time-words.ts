const pad = (n: number): string => String(n).padStart(2, '0');

/** 09:05:07 */
export function clockWords(at: number): string {
  const d = new Date(at);
  return `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`;
}

/** 09:05 today, 11-21 09:05 this year, 2025-11-21 09:05 before. */
export function momentWords(at: number, now: number): string {
  const d = new Date(at);
  const n = new Date(now);
  const time = `${pad(d.getHours())}:${pad(d.getMinutes())}`;
  const sameYear = d.getFullYear() === n.getFullYear();
  if (sameYear && d.getMonth() === n.getMonth() && d.getDate() === n.getDate()) return time;
  const day = `${pad(d.getMonth() + 1)}-${pad(d.getDate())}`;
  return sameYear ? `${day} ${time}` : `${d.getFullYear()}-${day} ${time}`;
}

/** A length of time in its two largest useful parts: 38秒, 12分, 3时05分, 2天4时. */
export function spanWords(ms: number): string {
  const seconds = Math.floor(Math.abs(ms) / 1000);
  if (seconds < 60) return `${seconds}秒`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}分`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}时${pad(minutes % 60)}分`;
  return `${Math.floor(hours / 24)}天${hours % 24}时`;
}

/** What is left (or how far past it is) to the second, for what is counted down: 0:25, 12:05, 1:02:05. */
export function countWords(ms: number): string {
  const seconds = Math.ceil(Math.abs(ms) / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  return `${hours > 0 ? `${hours}:${pad(minutes)}` : minutes}:${pad(seconds % 60)}`;
}

/** 09:05 */
export function hourWords(at: number): string {
  return clockWords(at).slice(0, 5);
}

/** Local time with its offset, as the wire wants it: 2025-11-21T09:05:07.000+08:00. */
export function isoWithOffset(date: Date): string {
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? '-' : '+';
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  return `${local}${sign}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
}
