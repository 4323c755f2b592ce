import { randomUUID } from 'node:crypto';
import { type HubHttp, HubProblem } from '@minqing-hub/client-sdk';
import type { CommandName, CommandPayload, CommandResult, OrderDetail } from '@minqing-hub/client-sdk/protocol';
import { Consoles } from '../consoles.js';
import { chances } from '../chance.js';
import { untilAnswered } from '../until-answered.js';

const MOST_TRIES = 6;
/** Of the public interface's own answers: asked again they may be others. */
const CHANGED_MEANWHILE = 'version_conflict';

/** Everybody who acts in the month, each with their own session. */
export class MonthPeople {
  readonly done = new Map<string, number>();
  readonly refused = new Map<string, number>();
  private readonly consoles: Consoles;
  private readonly random: () => number;

  constructor(url: string, password: string, seed: number) {
    this.consoles = new Consoles(url, password, seed);
    this.random = chances(seed, 'people of the month');
  }

  /** Brings it to an answer, whatever happens to the hub meanwhile; `undefined`: it was refused. */
  async issue<N extends CommandName>(
    username: string,
    name: N,
    payload: CommandPayload<N>,
  ): Promise<CommandResult<N> | undefined> {
    const http = await this.http(username);
    const command = { name, commandId: randomUUID(), payload };
    try {
      const answer = await untilAnswered(
        () => http.post<{ result: CommandResult<N> }>('/api/commands', command),
        this.random,
      );
      count(this.done, name);
      return answer.result;
    } catch (problem) {
      if (!(problem instanceof HubProblem)) throw problem;
      if (problem.code === CHANGED_MEANWHILE) throw new Outrun();
      count(this.refused, `${name} ${problem.code}`);
      return undefined;
    }
  }

  /**
   * Acts on an order as it stands, and again when it has changed meanwhile. `next` answers what to do, or nothing. False:
   * there was nothing to do, or it was refused.
   */
  async act<N extends CommandName>(
    username: string,
    orderNo: string,
    next: (order: OrderDetail) => { name: N; payload: object } | null,
  ): Promise<boolean> {
    for (let tries = 0; tries < MOST_TRIES; tries += 1) {
      const order = await this.order(orderNo);
      const act = next(order);
      if (!act) return false;
      const payload = { orderNo, expectedVersion: order.version, ...act.payload } as unknown as CommandPayload<N>;
      try {
        return (await this.issue(username, act.name, payload)) !== undefined;
      } catch (fault) {
        if (!(fault instanceof Outrun)) throw fault;
      }
    }
    return false;
  }

  order(orderNo: string): Promise<OrderDetail> {
    return this.get<OrderDetail>(`/api/orders/${orderNo}`);
  }

  /** As a supervisor, who reads every order. */
  async get<T>(path: string): Promise<T> {
    const http = await this.http('supervisor01');
    return untilAnswered(() => http.get<T>(path), this.random);
  }

  async http(username: string): Promise<HubHttp> {
    return (await this.consoles.open(username)).client.http;
  }

  async remove(): Promise<void> {
    this.consoles.close();
  }
}

/** Somebody else was quicker. */
class Outrun extends Error {}

const count = (counts: Map<string, number>, name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
