import { setImmediate } from 'node:timers/promises';
import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Beat } from '../deadlines/beat.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Tail } from '../event-log/tail.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { ArticleIndex } from './article-index.js';
import { ArticleStore } from './article-store.js';

/** Read and put in at once; between two such groups everything else has its turn. */
const GROUP = 25;

/**
 * The articles in use, to be searched: memory of this node, read from the rows once the tail is at work, then kept by
 * the log's events. An event only names an article: what became of it is read from its rows, which are never behind
 * the event, so it does not matter in which order, or how often, one is looked at [KB6].
 */
@Injectable()
export class LiveIndex implements OnModuleInit, OnApplicationShutdown {
  private index = new ArticleIndex();
  private built = false;
  /** Counts logs that were begun anew: an index built across one is not whole. */
  private logs = 0;
  /** The tail hands out from here on what is placed, so what rows miss will be told. */
  private following = false;
  /** Articles of which the log told something that is not yet in the index. */
  private readonly told = new Set<string>();
  private working: Promise<void> | undefined;
  private wanted = false;
  private stopped = false;
  private readonly log = new Logger('LiveIndex');

  constructor(
    private readonly tail: Tail,
    private readonly beat: Beat,
    private readonly readModel: ReadModel,
    private readonly store: ArticleStore,
  ) {}

  onModuleInit(): void {
    this.tail.onPlaced((events) => this.take(events));
    this.tail.onNewLog(() => this.beginAnew());
    // What an outage kept from being read is tried again.
    this.beat.each(() => this.catchUp());
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopped = true;
    await this.working;
  }

  /** With all articles in it; `undefined` as long as they could not be read. */
  async ready(): Promise<ArticleIndex | undefined> {
    if (!this.built) await this.catchUp();
    return this.built ? this.index : undefined;
  }

  private take(events: readonly LoggedEvent[]): void {
    const wasFollowing = this.following;
    this.following = true;
    const news = events.filter(({ type }) => type === 'article.published' || type === 'article.retired');
    for (const { data } of news) this.told.add(data.articleId as string);
    if (!wasFollowing || news.length > 0) void this.catchUp();
  }

  /** The rows are of another log: all of them are read again, and searches wait for that. */
  private beginAnew(): void {
    this.logs += 1;
    this.built = false;
    void this.catchUp();
  }

  private catchUp(): Promise<void> {
    if (!this.following || this.stopped) return Promise.resolve();
    this.wanted = true;
    return (this.working ??= this.work());
  }

  private async work(): Promise<void> {
    try {
      while (this.wanted && !this.stopped) {
        this.wanted = false;
        while (!this.built && !this.stopped) await this.build();
        while (this.told.size > 0 && !this.stopped) await this.refresh([...this.told].slice(0, GROUP));
        await setImmediate();
      }
    } catch (error) {
      this.log.error('the articles could not be read; tried again soon', error as Error);
    }
    this.working = undefined;
  }

  private async build(): Promise<void> {
    const fresh = new ArticleIndex();
    const { logs } = this;
    for (let after = ''; !this.stopped;) {
      const articles = await this.readModel.run((tx) => this.store.inUseAfter(tx, after, GROUP));
      for (const article of articles) fresh.put(article);
      if (articles.length < GROUP) break;
      after = articles.at(-1)!.articleId;
      await setImmediate();
    }
    this.index = fresh;
    this.built = !this.stopped && logs === this.logs;
  }

  private async refresh(articleIds: readonly string[]): Promise<void> {
    // Before the rows are read: what is told from now on asks for another look.
    for (const articleId of articleIds) this.told.delete(articleId);
    try {
      const inUse = await this.readModel.run((tx) => this.store.inUse(tx, articleIds));
      const byId = new Map(inUse.map((article) => [article.articleId, article]));
      for (const articleId of articleIds) {
        const article = byId.get(articleId);
        if (article) this.index.put(article);
        else this.index.drop(articleId);
      }
    } catch (error) {
      for (const articleId of articleIds) this.told.add(articleId);
      throw error;
    }
    await setImmediate();
  }
}
