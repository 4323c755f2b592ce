import { type DynamicModule, Global, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ActsElsewhere } from '../commands/acts-elsewhere.js';
import { Clock } from '../config/clock.js';
import { Settings } from '../config/settings.js';
import { Placing } from '../event-log/placing.js';
import { holdKeys } from './held-keys.js';
import { OwnTime, SharedTime } from './shared-time.js';
import { Store } from './store.js';
import { StoreFigures } from './store-figures.js';
import { ReadModel, UnitOfWork } from './unit-of-work.js';

const PORTS = [
  { provide: UnitOfWork, inject: [Store], useFactory: ({ unitOfWork }: Store) => unitOfWork },
  { provide: ReadModel, inject: [Store], useFactory: ({ readModel }: Store) => readModel },
  { provide: Placing, inject: [Store], useFactory: ({ placing }: Store) => placing },
  { provide: StoreFigures, inject: [Store], useFactory: ({ figures }: Store) => figures },
  { provide: ActsElsewhere, inject: [Store], useFactory: ({ actsElsewhere }: Store) => actsElsewhere },
  {
    provide: SharedTime,
    inject: [Store, Clock],
    useFactory: ({ sharedTime }: Store, clock: Clock) => sharedTime ?? new OwnTime(clock),
  },
];

/** The database of the profile, behind its ports. */
@Global()
@Module({})
export class StorageModule implements OnApplicationShutdown {
  constructor(private readonly store: Store) {}

  static with(open: (settings: Settings) => Promise<Store>): DynamicModule {
    const opened = async (settings: Settings): Promise<Store> => {
      const store = await open(settings);
      try {
        await holdKeys(store.unitOfWork, settings.secrets);
        return store;
      } catch (error) {
        await store.close();
        throw error;
      }
    };
    return {
      module: StorageModule,
      providers: [{ provide: Store, inject: [Settings], useFactory: opened }, ...PORTS],
      exports: PORTS.map(({ provide }) => provide),
    };
  }

  /** Last of all modules to go: everything else may still write while it ends. */
  async onApplicationShutdown(): Promise<void> {
    await this.store.close();
  }
}
