import { SystemClock } from '../config/clock.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { loadDatabaseUrl, loadDataDir, loadHeadsDir } from '../config/data-dir.js';
import { appendHead } from '../event-log/log-heads.js';
import { BackupRefused, restore, SECRETS_FILE } from '../storage/backup.js';
import { runProgram, splitFlags, WrongCall } from './program.js';
import { ShareBar } from './share-bar.js';

const USAGE =
  '用法：npm run restore -- 文件（恢复到 HUB_DATA_DIR 所指的空目录；集群则为 HUB_DATABASE_URL 所指的空数据库）';

await runProgram(
  async (args) => {
    const [file, ...more] = splitFlags(args, []).rest;
    if (!file || more.length) throw new WrongCall(USAGE);
    const dataDir = loadDataDir();
    const databaseUrl = loadDatabaseUrl();
    const bar = new ShareBar('恢复');
    try {
      const { events, epoch, secrets, hash } = await (databaseUrl === undefined
        ? restore(file, dataDir, { onShare: bar.show })
        : restoreCluster(file, databaseUrl, bar));
      bar.end();
      // What came after the backup is gone, and nobody is to take that for a log that was cut off behind the hub's back.
      appendHead(loadHeadsDir(), { at: new SystemClock().now(), epoch, seq: events, hash, restored: true });
      const where = databaseUrl === undefined ? dataDir : 'HUB_DATABASE_URL 所指的数据库';
      console.log(`已恢复到 ${where}：${events} 个事件。日志换了新的编号 ${epoch}，各控制台会重新取快照。`);
      if (secrets === 'restored') console.log('备份旁的密钥已一并恢复。');
      if (secrets === 'missing') {
        console.log(
          `请在启动之前把原来的 ${SECRETS_FILE} 放入 ${dataDir}（或设置 HUB_AUDIT_KEY 等变量）：否则会生成新的密钥，日志无法校验。`,
        );
      }
      console.log('可用 npm run verify-log 校验。');
    } finally {
      bar.end();
    }
    return 0;
  },
  [BackupRefused, ConfigurationFault],
);

/** Its keys come with the settings of each node, and were there before. */
async function restoreCluster(file: string, databaseUrl: string, bar: ShareBar) {
  const { restoreMariadb } = await import('../storage/mariadb-backup.js');
  return { ...(await restoreMariadb(file, databaseUrl, { onShare: bar.show })), secrets: 'kept' as const };
}
