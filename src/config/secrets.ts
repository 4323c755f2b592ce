import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';

/** Keys that outlive the process and never lie in the database, so that whoever has only the database cannot forge. */
export interface Secrets {
  /** Signs login tokens. */
  tokenSecret: string;
  /** Chains the event log. */
  auditKey: string;
  /** Makes digests of personal data. */
  digestKey: string;
}

const INCOMPLETE = 'HUB_DATA_DIR：secrets.json 内容不完整，请从备份恢复';
const NAMES = ['tokenSecret', 'auditKey', 'digestKey'] as const;

/** The data directory's own secrets, made at its first use. Answers a fault's text when they cannot be had. */
export function keptSecrets(dataDir: string): { secrets: Secrets } | { fault: string } {
  const file = join(dataDir, 'secrets.json');
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    if (!existsSync(file)) writeOnce(file, JSON.stringify(newSecrets(), null, 2));
    if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
      return { fault: 'HUB_DATA_DIR：secrets.json 可被其他用户读取，请执行 chmod 600' };
    }
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isSecrets(found) ? { secrets: found } : { fault: INCOMPLETE };
  } catch (error) {
    if (error instanceof SyntaxError) return { fault: INCOMPLETE };
    const code = codeOf(error);
    if (code === undefined) throw error;
    return { fault: `HUB_DATA_DIR：无法读写数据目录中的 secrets.json（${code}）` };
  }
}

function newSecrets(): Secrets {
  const fresh = () => randomBytes(32).toString('base64url');
  return { tokenSecret: fresh(), auditKey: fresh(), digestKey: fresh() };
}

/** The file appears whole or not at all, once, even when two processes start together. */
function writeOnce(file: string, content: string): void {
  const draft = `${file}.${process.pid}.draft`;
  const handle = openSync(draft, 'w', 0o600);
  try {
    writeSync(handle, content);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  try {
    linkSync(draft, file);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
}

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

function isSecrets(found: unknown): found is Secrets {
  if (found === null || typeof found !== 'object') return false;
  const values = found as Record<string, unknown>;
  return NAMES.every((name) => typeof values[name] === 'string' && values[name].length >= 32);
}
