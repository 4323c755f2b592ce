import { ConfigurationFault } from '../config/configuration-fault.js';
import { loadDatabaseUrl, loadDataDir } from '../config/data-dir.js';
import { BackupRefused, backUp, SECRETS_FILE, secretsBeside } from '../storage/backup.js';
import { runProgram, splitFlags, WrongCall } from './program.js';
import { ShareBar } from './share-bar.js';

const USAGE = '用法：npm run backup -- 文件 [--with-secrets]';

await runProgram(
  async (args) => {
    const { flags, rest } = splitFlags(args, ['--with-secrets']);
    const [file, ...more] = rest;
    if (!file || more.length) throw new WrongCall(USAGE);
    const dataDir = loadDataDir();
    const databaseUrl = loadDatabaseUrl();
    const withSecrets = flags.has('--with-secrets');
    if (databaseUrl !== undefined && withSecrets) {
      throw new BackupRefused('集群各节点的密钥由 HUB_AUDIT_KEY 等变量给出，不在数据目录中，请另行保管');
    }
    const bar = new ShareBar('备份');
    try {
      const { events, bytes, epoch } = await (databaseUrl === undefined
        ? backUp(dataDir, file, { withSecrets, onShare: bar.show })
        : (await import('../storage/mariadb-backup.js')).backUpMariadb(databaseUrl, file, { onShare: bar.show }));
      bar.end();
      console.log(`已备份到 ${file}：${events} 个事件，${(bytes / 2 ** 20).toFixed(1)} MiB，日志 ${epoch}`);
    } finally {
      bar.end();
    }
    console.log(
      withSecrets
        ? `密钥另存为 ${secretsBeside(file)}。两者同时落入他人之手即可解读并伪造，请分开保管。`
        : databaseUrl !== undefined
          ? '备份不含密钥。请另行保管各节点共用的 HUB_AUDIT_KEY、HUB_DIGEST_KEY：没有它们，恢复后的日志无法校验，旧的来电记录也对不上。'
          : `备份不含密钥。请另行保管 ${dataDir} 中的 ${SECRETS_FILE}：没有它，恢复后的日志无法校验，旧的来电记录也对不上。`,
    );
    return 0;
  },
  [BackupRefused, ConfigurationFault],
);
