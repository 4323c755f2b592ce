import { ConfigurationFault } from '../config/configuration-fault.js';
import { PREPARED } from './mariadb-address.js';

/** What a server says of itself. */
export interface ServerFacts {
  /** `VERSION()` */
  version: string;
  /** `innodb_flush_log_at_trx_commit` */
  flush: number;
  /** `log_bin` */
  binlog: number;
  /** `sync_binlog` */
  synced: number;
  /** `max_connections` */
  connections: number;
  /** `max_prepared_stmt_count` */
  prepared: number;
}

export interface DatabaseServer {
  mariadb: boolean;
  /** What of its settings lets acknowledged commits be lost to a power cut [I1]; Chinese. */
  weaknesses: string[];
  /** What of them makes the hub slower than it need be; Chinese. */
  hindrance: string | undefined;
  /** It is of a kind that nothing here was tried on; Chinese. */
  untested: string | undefined;
}

/** @throws {ConfigurationFault} when it is too old for the hub */
export function serverOf({ version, flush, binlog, synced, ...room }: ServerFacts): DatabaseServer {
  const mariadb = /mariadb/i.test(version);
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (mariadb ? major < 10 || (major === 10 && minor < 6) : major < 8) {
    throw new ConfigurationFault([`HUB_DATABASE_URL：数据库版本过低（${version}），须为 MariaDB 10.6 或 MySQL 8 以上`]);
  }
  const weaknesses: string[] = [];
  if (flush !== 1) weaknesses.push(`HUB_DATABASE_URL：数据库的 innodb_flush_log_at_trx_commit 应为 1，现为 ${flush}`);
  if (binlog !== 0 && synced !== 1) weaknesses.push(`HUB_DATABASE_URL：数据库的 sync_binlog 应为 1，现为 ${synced}`);
  const untested = mariadb
    ? undefined
    : `HUB_DATABASE_URL：数据库是 MySQL（${version}），本系统只在 MariaDB 上测试过；在其上运行全部测试之前，请勿用于正式业务`;
  return { mariadb, weaknesses, hindrance: hindranceOf(room), untested };
}

/** Statements for which there is no room are sent twice, by all nodes alike. */
function hindranceOf({ connections, prepared }: Pick<ServerFacts, 'connections' | 'prepared'>): string | undefined {
  const most = connections * PREPARED;
  if (prepared >= most) return undefined;
  const why = `max_connections（${connections}）个连接，每个至多 ${PREPARED} 条`;
  return `HUB_DATABASE_URL：数据库的 max_prepared_stmt_count 应不小于 ${most}（${why}），现为 ${prepared}`;
}
