import { ConfigurationFault } from '../config/configuration-fault.js';

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
}

export interface DatabaseServer {
  mariadb: boolean;
  /** What of its settings lets acknowledged commits be lost to a power cut [I1]; Chinese. */
  weaknesses: string[];
  /** It is of a kind that nothing here was tried on; Chinese. */
  untested: string | undefined;
}

/** @throws {ConfigurationFault} when it is too old for the hub */
export function serverOf({ version, flush, binlog, synced }: ServerFacts): DatabaseServer {
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
  return { mariadb, weaknesses, untested };
}
