import { HubProblem } from '@minqing-hub/client-sdk';
import type { CatalogueRow, ImportReport, IntakeReceipt, UnitRow } from '@minqing-hub/client-sdk/protocol';
import { chance, chances } from '../chance.js';
import { isPassing, untilAnswered } from '../until-answered.js';
import { Acting } from '../acting.js';
import { AgreementCount } from './agreement.js';
import { differingRooms, missingOrders } from '../check-consoles.js';
import { type Console, Consoles } from '../consoles.js';
import { Crew } from './crew.js';
import { catalogueIn, merged, unitsIn } from './derive-lists.js';
import { DutyLearner, type LearntRule } from './duty-learner.js';
import { LatencyMeter } from '../latency.js';
import { ListImport } from '../list-import.js';
import type { ReplayOptions } from './options.js';
import { patiently } from '../patience.js';
import { centrePeople, DESK, unitPeople } from '../people.js';
import { PlayedOrders } from './played-orders.js';
import { playRows } from './play-rows.js';
import { Progress, type Say } from '../progress.js';
import type { RecordedRow, Recording } from './recorded-rows.js';
import type { ReplayMapping } from './replay-mapping.js';
import { type ReplayReport, reportOf } from './report.js';

/** A person takes between so many and so many seconds for one step, in recorded time. */
const THINKING_SECONDS = { least: 20, most: 180 };

/** What the hub's time is known to at most, when nothing but an answer's date was heard yet. */
const CLOCKS_DIFFER_MS = 1_000;

/**
 * Plays recorded requests through the public API, with seats and units acting, and checks what came of it. Everything it
 * asks of the hub may be asked again: a hub that is killed and started anew in the middle is only a pause.
 */
export class Replay {
  private readonly random: () => number;
  private readonly consoles: Consoles;
  private readonly orders: PlayedOrders;
  private readonly latency = new LatencyMeter();
  private readonly acting: Acting<PlayedOrders>;
  private readonly agreement = new AgreementCount();
  private readonly learner: DutyLearner;
  private readonly notes: string[] = [];
  private imports!: ListImport;
  private crew!: Crew;
  /** Rows with a smaller index are in the duty list. */
  private learntFrom = 0;
  /** At the hub, ms UTC. */
  private startedAt = 0;

  constructor(
    url: string,
    private readonly mapping: ReplayMapping,
    private readonly recording: Recording,
    private readonly options: ReplayOptions,
    private readonly say: Say,
  ) {
    const { seed, password, speed } = options;
    this.random = chances(seed, 'replay');
    this.consoles = new Consoles(url, password, seed);
    this.orders = new PlayedOrders(recording.rows);
    const { least, most } = THINKING_SECONDS;
    const thinkingMs = (...words: string[]): number =>
      speed === null ? 0 : ((least + (most - least) * chance(seed, 'thinking', ...words)) * 1000) / speed;
    this.acting = new Acting(this.orders, this.latency, seed, thinkingMs, this.random);
    this.learner = new DutyLearner(mapping.name, mapping.replay.learning);
  }

  async run(): Promise<ReplayReport> {
    const { rows } = this.recording;
    const stopCutting = this.consoles.cutNowAndThen(this.options.cutEverySeconds);
    try {
      const lists = await this.bringLists();
      this.crew = await Crew.gather(this.consoles, this.acting, this.options, lists.units);

      const startedAt = performance.now();
      this.startedAt = this.crew.desk.console.client.hubNow() - CLOCKS_DIFFER_MS;
      await this.play(rows);
      const sendingSeconds = (performance.now() - startedAt) / 1000;
      await this.untilNothingIsLeft();
      const seconds = (performance.now() - startedAt) / 1000;
      await this.crew.leave();
      stopCutting();

      return reportOf({
        mapping: this.mapping,
        seed: this.options.seed,
        speed: this.options.speed,
        recording: this.recording,
        units: lists.units.length,
        matters: lists.catalogue.length,
        orders: this.orders,
        acting: this.acting,
        dispatchedTo: this.crew.deskWork.dispatchedTo,
        agreement: this.agreement.of(this.orders.dispatchedByHub()),
        latencyMs: this.latency.report(),
        seconds,
        sendingSeconds,
        cuts: this.consoles.cuts,
        checked: await this.check(),
        notes: this.notes,
      });
    } finally {
      stopCutting();
      this.consoles.close();
    }
  }

  /** Units, matters and people of the file; what is in force already stays as it is. */
  private async bringLists(): Promise<{ units: UnitRow[]; catalogue: CatalogueRow[] }> {
    const cells = this.recording.rows.map((row) => row.cells);
    const units = unitsIn(cells, this.mapping);
    const catalogue = catalogueIn(cells, this.mapping);
    const { client } = await this.consoles.open(this.options.user);
    this.imports = new ListImport(client.http, this.random);
    const allUnits = merged(await this.inForce<UnitRow>('units'), units, ({ unitId }) => unitId);
    const allMatters = merged(await this.inForce<CatalogueRow>('catalogue'), catalogue, ({ code }) => code);
    this.tell(await this.imports.run('units', allUnits), units.length);
    this.tell(await this.imports.run('catalogue', allMatters), catalogue.length);
    const people = [...centrePeople(this.options), ...unitPeople(units)];
    this.tell(await this.imports.people(people, this.options.password), people.length);
    return { units, catalogue };
  }

  private async inForce<R>(list: 'units' | 'catalogue' | 'duties'): Promise<R[]> {
    const { client } = await this.consoles.open(this.options.user);
    const query = list === 'duties' ? {} : { closed: true };
    return untilAnswered(() => client.http.get<R[]>(`/api/${list}`, { query }), this.random);
  }

  private tell({ list, status }: ImportReport, rows: number): void {
    this.say(`List ${list}: ${rows} rows from the file, ${status}.`);
  }

  private async play(rows: readonly RecordedRow[]): Promise<void> {
    const desk = await this.consoles.open(DESK);
    const progress = new Progress('Sending', rows.length, this.say);
    try {
      await playRows(rows, {
        speed: this.options.speed,
        before: (row, settle) => this.prepare(row, settle),
        send: (row) => this.send(desk, row),
        sent: (done, row) => progress.at(done, this.recordedSecondsAfter(row)),
      });
    } finally {
      progress.end();
    }
  }

  /** At the pace that is asked for; `undefined` when the hub's answers set it. */
  private recordedSecondsAfter({ at }: RecordedRow): number | undefined {
    const { speed } = this.options;
    const end = this.recording.rows.at(-1)?.at ?? at;
    return speed === null ? undefined : (end - at) / 1000 / speed;
  }

  private async send(desk: Console, row: RecordedRow): Promise<void> {
    let tries = 0;
    try {
      const receipt = await untilAnswered(() => {
        tries += 1;
        return desk.client.http.post<IntakeReceipt>('/api/intake/requests', row.request);
      }, this.random);
      const known = receipt.duplicate && (tries === 1 || (await this.isOlder(desk, receipt.orderNo)));
      this.orders.acknowledge(receipt.orderNo, row, known);
      this.acting.activity += 1;
      if (!known) this.crew.start();
    } catch (problem) {
      if (!(problem instanceof HubProblem) || isPassing(problem) || problem.status === 401) throw problem;
      this.orders.refused.push({ line: row.line, code: problem.code, field: problem.field ?? null });
    }
  }

  /** Sent again because no answer came: a duplicate then may be this run's own first try. */
  private async isOlder(desk: Console, orderNo: string): Promise<boolean> {
    const { registeredAt } = await this.acting.read(desk, orderNo);
    return registeredAt < this.startedAt;
  }

  /**
   * Every `learnEvery` rows the duty list is learnt anew, from the rows before, once there is a new row to use it on. First
   * all earlier ones are decided, so that no rule decides about a row that it was learnt from.
   */
  private async prepare(row: RecordedRow, settle: () => Promise<void>): Promise<void> {
    this.crew.check();
    const { learnEvery } = this.options;
    const boundary = row.index - (row.index % learnEvery);
    if (boundary <= this.learntFrom || this.orders.new === 0) return;
    await settle();
    if (!(await this.patiently(() => this.orders.waitingForDecision === 0))) {
      this.notes.push(
        `${this.orders.waitingForDecision} orders were still undecided when duty rules were learnt from ${boundary} rows.`,
      );
    }
    for (const { request, areas, unitId } of this.recording.rows.slice(this.learntFrom, boundary)) {
      this.learner.learn({ catalogCode: request.catalogCode, areas, unitId });
    }
    this.learntFrom = boundary;
    const rules = this.learner.rules();
    if (rules.length === 0) return;
    const others = (await this.inForce<LearntRule>('duties')).filter((rule) => !this.learner.made(rule));
    const { version } = await this.imports.run(
      'duties',
      merged(others, rules, ({ ruleId }) => ruleId),
    );
    if (version !== null) this.agreement.taught(version, boundary);
  }

  private async untilNothingIsLeft(): Promise<void> {
    const total = this.orders.new;
    if (total === 0) return;
    const progress = new Progress('Units at work', total, this.say);
    const showing = setInterval(() => progress.at(total - this.orders.inWork), 500);
    const finished = await this.patiently(() => this.crew.idle);
    clearInterval(showing);
    progress.at(total - this.orders.inWork);
    progress.end();
    if (!finished) this.notes.push('Nothing moved any more although something was left to do.');
  }

  private patiently(holds: () => boolean): Promise<boolean> {
    return patiently(
      () => {
        this.crew.check();
        return holds();
      },
      () => this.acting.activity,
      () => this.crew.desk.live,
    );
  }

  private async check(): Promise<ReplayReport['checked']> {
    this.say('Comparing every console with a fresh one, and looking for every acknowledged order.');
    const { client } = await this.consoles.open(DESK);
    const missing = await missingOrders(client, this.orders.acknowledged.keys(), this.random);
    const { rooms, different } = await differingRooms(this.consoles);
    return { orders: this.orders.acknowledged.size, rooms, missing, different };
  }
}
