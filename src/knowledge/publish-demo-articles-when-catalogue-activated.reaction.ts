import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import { Settings } from '../config/settings.js';
import type { LoggedEvent } from '../event-log/logged-event.js';
import { Reaction, type ReactionCommand, Reacts } from '../event-log/reaction.js';
import { HubSettings } from '../identity/hub-settings.js';
import { ReadModel } from '../storage/unit-of-work.js';

/** A demo database gets its articles with its first catalogue, which comes after its first units. */
@Reacts('publish-demo-articles-when-catalogue-activated')
export class PublishDemoArticlesWhenCatalogueActivated extends Reaction {
  readonly on = ['lists.activated'] as const;

  constructor(
    private readonly readModel: ReadModel,
    private readonly hubSettings: HubSettings,
    private readonly settings: Settings,
  ) {
    super();
  }

  async commandsFor({ data, version }: LoggedEvent): Promise<ReactionCommand[]> {
    if (data.list !== 'catalogue' || version !== 1) return [];
    if ((await this.readModel.run((tx) => this.hubSettings.get(tx, 'demo'))) !== '1') return [];
    const file = await readFile(join(this.settings.configDir, 'demo', 'articles.json'), 'utf8');
    const articles = JSON.parse(file) as CommandPayload<'publishArticle'>[];
    return articles.map((payload) => ({ name: 'publishArticle', payload }));
  }
}
