import { randomUUID } from 'node:crypto';
import { Logger } from '@nestjs/common';
import type { DiscoveryService } from '@nestjs/core';
import { Reflector } from '@nestjs/core';
import type { CommandPayload, CommandResult } from '@minqing-hub/client-sdk/protocol';
import { type Answer, CommandBus } from '../../src/commands/command-bus.js';
import { readSettings } from '../../src/config/settings.js';
import { Beat } from '../../src/deadlines/beat.js';
import { LogReader } from '../../src/event-log/log-reader.js';
import type { LoggedEvent } from '../../src/event-log/logged-event.js';
import { Tail } from '../../src/event-log/tail.js';
import { AccountStore } from '../../src/identity/account-store.js';
import { type Actor, SYSTEM } from '../../src/identity/actor.js';
import { People } from '../../src/identity/people.js';
import { ArticleStore } from '../../src/knowledge/article-store.js';
import { PublishArticle } from '../../src/knowledge/commands/publish-article.js';
import { RetireArticle } from '../../src/knowledge/commands/retire-article.js';
import { KnowledgeBook } from '../../src/knowledge/knowledge-book.js';
import { KnowledgeReading } from '../../src/knowledge/knowledge-reading.js';
import { LiveIndex } from '../../src/knowledge/live-index.js';
import { Matters } from '../../src/knowledge/matters.js';
import type { ReadModel } from '../../src/storage/unit-of-work.js';
import { FakeTimer } from './fake-timer.js';
import { type ListKit, openListKit } from './list-kit.js';
import { allPlaced } from './store.js';
import { TOWN } from './town.js';

/** What one hub node has of the knowledge base. */
export interface KnowledgeNode {
  index: LiveIndex;
  reading: KnowledgeReading;
  tail: Tail;
  /** Lets the second go by after which what failed is tried again. */
  beat(): void;
  stop(): Promise<void>;
}

export interface KnowledgeKit extends ListKit {
  store: ArticleStore;
  book: KnowledgeBook;
  bus: CommandBus;
  issue(actor: Actor, name: string, payload: object): Promise<Answer>;
  /** Of the hub itself unless somebody is named; a refusal fails the test. */
  publish(more?: Partial<CommandPayload<'publishArticle'>>, actor?: Actor): Promise<CommandResult<'publishArticle'>>;
  addUser(actor: Actor): Promise<Actor>;
  /** Of what was committed up to now. */
  events(): Promise<LoggedEvent[]>;
  /** Another node on the same database. `readModel`: as that node reads. */
  node(options?: { readModel?: ReadModel; started?: boolean }): Promise<KnowledgeNode>;
}

export const PLAIN_ARTICLE = {
  title: '路灯不亮',
  text: '道路上的路灯由城建局负责，三日内修复。',
  source: '演示',
  ownerUnitId: 'works',
} as const;

/** The knowledge base on a real database that has the small town's units and catalogue. */
export async function openKnowledgeKit(): Promise<KnowledgeKit> {
  Logger.overrideLogger(['fatal']); // outages are part of the tests
  const lists = await openListKit();
  const { unitOfWork, readModel, eventLog, placing, listBook, clock, folder } = lists;
  for (const list of ['units', 'catalogue'] as const) {
    const { status } = await lists.json(list, TOWN[list]);
    if (status !== 'activated') throw new Error(`the town's ${list} were refused`);
  }
  const store = new ArticleStore();
  const handlers = [new PublishArticle(store, listBook, eventLog), new RetireArticle(store, listBook, eventLog)];
  const discovery = { getProviders: () => handlers.map((instance) => ({ instance })) };
  const bus = new CommandBus(
    discovery as unknown as DiscoveryService,
    new Reflector(),
    unitOfWork,
    clock,
    new People(),
    readSettings({ HUB_DATA_DIR: folder }),
  );
  bus.onModuleInit();
  const accounts = new AccountStore(eventLog);
  const nodes: KnowledgeNode[] = [];
  const issue = (actor: Actor, name: string, payload: object) =>
    bus.execute(actor, { name, commandId: randomUUID(), payload });
  return {
    ...lists,
    store,
    book: new KnowledgeBook(store),
    bus,
    issue,
    publish: async (more = {}, actor = SYSTEM) => {
      const answer = await issue(actor, 'publishArticle', { ...PLAIN_ARTICLE, ...more });
      if (!answer.ok) throw new Error(`not published: ${JSON.stringify(answer.error)}`);
      return answer.result as CommandResult<'publishArticle'>;
    },
    addUser: async (actor) => {
      const account = { ...actor, seatId: null, active: true, demo: false };
      await unitOfWork.run((tx) => accounts.add(tx, account, 'no hash'));
      return actor;
    },
    events: async () => (await allPlaced(lists)).filter(({ type }) => type.startsWith('article.')),
    node: async (options = {}) => {
      const reads = options.readModel ?? readModel;
      const timer = new FakeTimer(clock);
      const tail = new Tail(new LogReader(readModel, placing), clock, placing);
      const beat = new Beat(timer);
      const index = new LiveIndex(tail, beat, reads, store);
      const reading = new KnowledgeReading(index, new Matters(listBook), store, reads, clock);
      index.onModuleInit();
      beat.onApplicationBootstrap();
      if (options.started !== false) await tail.start();
      const node = {
        index,
        reading,
        tail,
        beat: () => timer.advance(1_000),
        stop: async () => {
          await beat.beforeApplicationShutdown();
          await index.onApplicationShutdown();
          await tail.onApplicationShutdown();
        },
      };
      nodes.push(node);
      return node;
    },
    close: async () => {
      for (const node of nodes) await node.stop();
      await lists.close();
    },
  };
}
