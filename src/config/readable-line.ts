/** As the logger writes it; whatever else a line tells lies beside. */
interface Line {
  level: string;
  time: string;
  msg?: string;
  context?: string;
  err?: { stack: string };
  [field: string]: unknown;
}

/** The same for every line of one process: nothing that a developer looks for. */
const OF_THE_PROCESS = ['host', 'pid', 'node'];

const COLOURS: Record<string, number> = { fatal: 31, error: 31, warn: 33, info: 32, debug: 35 };

/** A line of the log as a developer reads it: `2026-03-02 08:00:01.250  WARN [Alarms] Redis does not serve  tries=3`. */
export function readableLine(json: string, colours = false): string {
  const { level, time, msg, context, err, ...fields } = JSON.parse(json) as Line;
  const paint = (text: string) => (colours ? `\u001b[${COLOURS[level]}m${text}\u001b[0m` : text);
  const more = Object.entries(fields)
    .filter(([name]) => !OF_THE_PROCESS.includes(name))
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('');
  const told = `${context ? `[${context}] ` : ''}${msg ?? ''}${more && ` ${more}`}`;
  const at = time.replace('T', ' ').replace('Z', '');
  return `${at} ${paint(level.toUpperCase().padStart(5))} ${told}\n${err ? `${err.stack}\n` : ''}`;
}
