import { ConfigurationFault } from '../config/configuration-fault.js';
import { serverOf } from './database-server.js';

const safe = { flush: 1, binlog: 1, synced: 1, connections: 100, prepared: 20_000 };
const of = (version: string, facts: Partial<typeof safe> = {}) => serverOf({ version, ...safe, ...facts });

describe('a database server', () => {
  it('is a MariaDB of 10.6 or later', () => {
    for (const version of ['10.6.0-MariaDB', '10.11.6-MariaDB-0+deb12u1-log', '11.4.2-MariaDB']) {
      expect(of(version)).toEqual({ mariadb: true, weaknesses: [], hindrance: undefined, untested: undefined });
    }
  });

  it('may be a MySQL of 8 or later, of which the operator is told that nothing was tried on it', () => {
    for (const version of ['8.0.36', '8.4.2-log', '9.1.0']) {
      expect(of(version)).toMatchObject({ mariadb: false, weaknesses: [], untested: expect.stringContaining(version) });
    }
  });

  it('is refused when it is older', () => {
    for (const version of ['10.5.23-MariaDB', '5.5.68-MariaDB', '5.7.44']) {
      expect(() => of(version)).toThrow(ConfigurationFault);
    }
  });

  it('[I1] is told what of its settings loses commits to a power cut', () => {
    expect(of('10.11.6-MariaDB', { flush: 2 }).weaknesses).toEqual([expect.stringContaining('innodb_flush_log')]);
    expect(of('10.11.6-MariaDB', { synced: 0 }).weaknesses).toEqual([expect.stringContaining('sync_binlog')]);
    expect(of('10.11.6-MariaDB', { binlog: 0, synced: 0 }).weaknesses).toEqual([]);
  });

  it('is told when its connections may prepare more than it keeps', () => {
    expect(of('10.11.6-MariaDB', { prepared: 19_999 })).toMatchObject({
      weaknesses: [],
      hindrance: expect.stringMatching(/max_prepared_stmt_count 应不小于 20000（.*），现为 19999$/),
    });
  });
});
