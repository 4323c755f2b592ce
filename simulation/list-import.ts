import { HubProblem } from '@minqing-hub/client-sdk';
import type { HubHttp } from '@minqing-hub/client-sdk';
import type { ImportReport } from '@minqing-hub/client-sdk/protocol';
import { Fault } from './fault.js';
import { untilAnswered } from './until-answered.js';

type Row = object;

/** Brings lists into the hub by the door that every list takes. An import that died with the hub is sent again whole. */
export class ListImport {
  constructor(
    private readonly http: HubHttp,
    private readonly random: () => number,
  ) {}

  /** @throws {Fault} when the hub does not take a row, with the first reasons. */
  async run(list: string, rows: readonly Row[]): Promise<ImportReport> {
    const report = await this.send(list, rows);
    if (report.status === 'refused') throw new Fault(`The hub refused the list ${list}: ${reasonsOf(report)}`);
    return report;
  }

  /**
   * People. Those whom the hub knows are left their passwords, because to compare one takes the hub half a second;
   * only new ones are sent with theirs.
   */
  async people(rows: readonly Row[], password: string): Promise<ImportReport> {
    const report = await this.send('users', rows);
    if (report.status !== 'refused') return report;
    const unknown = new Set(report.errors.filter(({ column }) => column === 'password').map(({ line }) => line));
    const others = report.errors.filter(({ line }) => !unknown.has(line));
    if (others.length > 0) throw new Fault(`The hub refused the list users: ${reasonsOf(report)}`);
    // Lines count from 1.
    return this.run(
      'users',
      rows.map((row, i) => (unknown.has(i + 1) ? { ...row, password } : row)),
    );
  }

  private send(list: string, rows: readonly Row[]): Promise<ImportReport> {
    return untilAnswered(async () => {
      try {
        return await this.http.post<ImportReport>(`/api/lists/${list}/import`, JSON.stringify(rows), {
          contentType: 'application/json',
        });
      } catch (problem) {
        if (problem instanceof HubProblem && problem.code === 'list_import_running')
          throw new HubProblem({ code: 'unavailable', message: problem.message });
        throw problem;
      }
    }, this.random);
  }
}

const reasonsOf = ({ errors }: ImportReport): string =>
  errors
    .slice(0, 3)
    .map(({ line, column, reason }) => `row ${line}, ${column}: ${reason}`)
    .join('; ');
