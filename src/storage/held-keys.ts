import { createHmac } from 'node:crypto';
import { Logger } from '@nestjs/common';
import { ConfigurationFault } from '../config/configuration-fault.js';
import type { Secrets } from '../config/secrets.js';
import type { Tx, UnitOfWork } from './unit-of-work.js';

/** Keys that whatever works on a database must have alike, by the row of `hub_setting` that knows each from any other. */
const KEYS = [
  { name: 'keys.audit', key: 'auditKey', setting: 'HUB_AUDIT_KEY', else: '日志将无法校验' },
  {
    name: 'keys.digest',
    key: 'digestKey',
    setting: 'HUB_DIGEST_KEY',
    else: '旧的来电记录将对不上，节点之间也互不相闻',
  },
] as const;

type Held = 'same' | 'other' | 'renewed';

/**
 * Holds the keys against those that the database's log was begun with; the first who comes says which they are. A restore
 * gives the log another epoch, whose keys may be new ones. The rows hold fingerprints, which tell nothing of a key.
 * @throws {ConfigurationFault} before anything was written with a key that is not the log's [I8]
 */
export async function holdKeys(unitOfWork: UnitOfWork, secrets: Secrets): Promise<void> {
  const held = await unitOfWork.run(async (tx) => {
    const { epoch } = (await tx.one<{ epoch: string }>('SELECT epoch FROM log_head WHERE id = 1'))!;
    const all: { setting: string; else: string; held: Held }[] = [];
    for (const one of KEYS) all.push({ ...one, held: await hold(tx, one.name, epoch, secrets[one.key]) });
    return all;
  });
  const others = held.filter((one) => one.held === 'other');
  if (others.length > 0) {
    throw new ConfigurationFault(
      others.map(
        ({ setting, else: harm }) =>
          `${setting}（或 secrets.json）：不是本数据库日志所用的密钥，用它启动${harm}。请换回原来的密钥（集群各节点须相同）；确已遗失的，先备份，再恢复到新的位置，日志另起编号`,
      ),
    );
  }
  for (const { setting, else: harm } of held.filter((one) => one.held === 'renewed')) {
    new Logger('Database').warn(`${setting}：恢复后的日志换用了新的密钥，恢复以前的${harm}`);
  }
}

/** Of nodes that start together one writes it, and the others find it. */
async function hold(tx: Tx, name: string, epoch: string, key: string): Promise<Held> {
  const fingerprint = createHmac('sha256', key).update(`minqing-hub ${name}`).digest('hex');
  const value = `${epoch} ${fingerprint}`;
  if (await tx.insertIfAbsent('hub_setting', { name, value })) return 'same';
  const sql = `SELECT value FROM hub_setting WHERE name = ?${tx.forUpdate}`;
  const known = (await tx.one<{ value: string }>(sql, [name]))!.value;
  if (known === value) return 'same';
  if (known.startsWith(`${epoch} `)) return 'other';
  await tx.run('UPDATE hub_setting SET value = ? WHERE name = ?', [value, name]);
  return known.endsWith(` ${fingerprint}`) ? 'same' : 'renewed';
}
