import { setTimeout as after } from 'node:timers/promises';
import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { HubSettings } from '../identity/hub-settings.js';
import { ReadModel } from '../storage/unit-of-work.js';
import { seedDemoLists } from './demo-lists.js';
import { unlessRunning } from './import/import-leases.js';
import { InterruptedImports } from './import/interrupted-imports.js';
import { ListImport } from './import/list-import.js';
import { LIST_NAMES, type ListName } from './list-name.js';
import { ListVersions } from './list-versions.js';

const LOOK_AGAIN_MS = 100;

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
    if (!(await this.isDemo())) return;
    for (const list of LIST_NAMES) await this.seed(list);
  }

  /** Of nodes that start together one imports a list; the others wait for it, since later lists name what is in it. */
  private async seed(list: ListName): Promise<void> {
    while (await this.isMissing(list)) {
      const done = await unlessRunning(
        seedDemoLists(this.listImport, this.settings.configDir, [list]).then(() => true),
      );
      if (!done) await after(LOOK_AGAIN_MS);
    }
  }

  private async isDemo(): Promise<boolean> {
    return (await this.readModel.run((tx) => this.hubSettings.get(tx, 'demo'))) === '1';
  }

  private async isMissing(list: ListName): Promise<boolean> {
    return (await this.readModel.run((tx) => this.listVersions.history(tx, list))).length === 0;
  }
}
