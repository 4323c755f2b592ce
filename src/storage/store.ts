import type { ActsElsewhere } from '../commands/acts-elsewhere.js';
import type { Placing } from '../event-log/placing.js';
import type { SharedTime } from './shared-time.js';
import type { StoreFigures } from './store-figures.js';
import type { ReadModel, UnitOfWork } from './unit-of-work.js';

/** What a profile's database gives to the hub. */
export abstract class Store {
  abstract readonly unitOfWork: UnitOfWork;
  abstract readonly readModel: ReadModel;
  abstract readonly placing: Placing;
  abstract readonly figures: StoreFigures;
  abstract readonly actsElsewhere: ActsElsewhere;
  /** None where one node has the database: its own is the time of all. */
  abstract readonly sharedTime?: SharedTime;
  /** After everything that runs has ended. */
  abstract close(): Promise<void>;
}
