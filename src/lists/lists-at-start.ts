import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { HubSettings } from '../identity/hub-settings.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { seedDemoLists } from './demo-lists.js';
import { InterruptedImports } from './import/interrupted-imports.js';
import { ListImport } from './import/list-import.js';
import { LIST_NAMES, type ListName } from './list-name.js';
import { ListVersions } from './list-versions.js';

/** Before the hub serves: half an import goes, and a demo database gets the lists that it never had. */
@Injectable()
export class ListsAtStart implements OnApplicationBootstrap {
  constructor(
    private readonly interrupted: InterruptedImports,
    private readonly listImport: ListImport,
    private readonly listVersions: ListVersions,
    private readonly hubSettings: HubSettings,
    private readonly settings: Settings,
    private readonly readModel: ReadModel,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.interrupted.clear();
    await seedDemoLists(this.listImport, this.settings.configDir, await this.missingDemoLists());
  }

  private missingDemoLists(): Promise<ListName[]> {
    return this.readModel.run(async (tx) => {
      const missing: ListName[] = [];
      if ((await this.hubSettings.get(tx, 'demo')) !== '1') return missing;
      for (const list of LIST_NAMES) {
        if ((await this.listVersions.history(tx, list)).length === 0) missing.push(list);
      }
      return missing;
    });
  }
}
