import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { auditKeyIsKnown, loadDatabaseUrl, loadDataDir } from '../config/data-dir.js';
import { loadSettings } from '../config/settings.js';
import { readHeads } from '../event-log/log-heads.js';
import { verifyLog } from '../event-log/verify-log.js';
import { verifyFloor } from '../floor/verify-floor.js';
import { verifyWhistles } from '../coordination/verify-whistles.js';
import { verifyClocks } from '../orders/verify-clocks.js';
import { verifyOrders } from '../orders/verify-orders.js';
import { openMariadbReader } from '../storage/mariadb-database.js';
import { MariadbReadModel } from '../storage/mariadb-read-model.js';
import { DATABASE_FILE, openSqliteReader } from '../storage/sqlite-database.js';
import { SqliteReadModel } from '../storage/sqlite-read-model.js';
import type { ReadModel } from '../storage/unit-of-work.js';
import { runProgram, WrongCall } from './program.js';
import { ShareBar } from './share-bar.js';
import { count, FOUND_EXIT_CODE, ofKind, told } from './verified.js';

interface Source {
  readModel: ReadModel;
  close: () => Promise<void>;
}

async function openFile(dataDir: string): Promise<Source> {
  const file = join(dataDir, DATABASE_FILE);
  if (!existsSync(file)) throw new WrongCall(`数据目录 ${dataDir} 中没有数据库 ${DATABASE_FILE}`);
  if (!auditKeyIsKnown(dataDir)) throw new WrongCall(`没有日志的密钥：${dataDir} 中缺少 secrets.json`);
  const reader = await openSqliteReader(file);
  return { readModel: new SqliteReadModel(reader), close: () => reader.destroy() };
}

async function openServer(url: string): Promise<Source> {
  const pool = await openMariadbReader(url);
  return { readModel: new MariadbReadModel(pool), close: () => pool.close() };
}

await runProgram(
  async (args) => {
    if (args.length) throw new WrongCall('用法：npm run verify-log');
    const url = loadDatabaseUrl();
    const { readModel, close } = url === undefined ? await openFile(loadDataDir()) : await openServer(url);
    const bar = new ShareBar('校验日志');
    try {
      const { headsDir, secrets } = loadSettings();
      const { auditKey } = secrets;
      const heads = readHeads(headsDir);
      const report = await verifyLog(readModel, auditKey, bar.show, heads);
      bar.end();
      const orders = await verifyOrders(readModel);
      const clocks = await verifyClocks(readModel);
      const whistles = await verifyWhistles(readModel);
      const floor = await verifyFloor(readModel);
      const all = [
        report,
        ofKind('order', orders),
        ofKind('whistle', whistles),
        ofKind('clock', clocks),
        ofKind('floor', floor),
      ];
      for (const line of told(all)) console.log(line);
      const waiting = report.waiting ? `（另有 ${report.waiting} 个刚写入，尚无位次）` : '';
      const log = `日志 ${report.epoch}：${report.events} 个事件${waiting}，${report.rooms} 个房间，${report.cards} 张卡片`;
      const restored = heads.filter((head) => head?.restored).length;
      const places = `${heads.length} 次记下的日志位置${restored ? `（其中 ${restored} 次在恢复之后）` : ''}`;
      const extent = `${log}，${places}，${orders.orders} 件工单，${whistles.whistles} 张哨单，${clocks.clocks} 个时限，${floor.items} 件队列工作，${floor.seats} 个座席`;
      const findings = count(all);
      console.log(findings ? `${extent}，发现 ${findings} 处不符` : `${extent}，全部相符`);
      return findings ? FOUND_EXIT_CODE : 0;
    } finally {
      bar.end();
      await close();
    }
  },
  [ConfigurationFault],
);
