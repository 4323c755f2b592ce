import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { DiscoveryService, Reflector } from '@nestjs/core';
import { CommandBus } from '../commands/command-bus.js';
import { ReadModel, UnitOfWork } from '../storage/unit-of-work.js';
import { Duty } from './duty.js';
import { Follower } from './follower.js';
import { KeptPlaces } from './kept-places.js';
import { LogReader } from './log-reader.js';
import { Reaction, REACTS } from './reaction.js';
import { SetAside } from './set-aside.js';
import { Tail } from './tail.js';

/** Runs every `Reaction` of the application as a consumer of its own, on one node at a time. */
@Injectable()
export class Reactions implements OnApplicationBootstrap, OnApplicationShutdown {
  private followers: Follower[] = [];
  private readonly places: KeptPlaces;

  constructor(
    private readonly discovery: DiscoveryService,
    private readonly reflector: Reflector,
    private readonly tail: Tail,
    private readonly reader: LogReader,
    private readonly readModel: ReadModel,
    private readonly unitOfWork: UnitOfWork,
    private readonly bus: CommandBus,
    private readonly duty: Duty,
    private readonly setAside: SetAside,
  ) {
    const log = new Logger('Reactions');
    this.places = new KeptPlaces(
      unitOfWork,
      (error) => log.error('places not kept; tried again soon', error as Error),
      () => this.readPlacesAgain(),
    );
  }

  async onApplicationBootstrap(): Promise<void> {
    for (const { instance } of this.discovery.getProviders()) {
      if (!(instance instanceof Reaction)) continue;
      const name = this.reflector.get<string>(REACTS, instance.constructor);
      this.followers.push(
        new Follower(
          name,
          instance,
          this.reader,
          this.readModel,
          this.unitOfWork,
          this.bus,
          this.places,
          this.setAside,
        ),
      );
    }
    // Before anybody is served: what happens from then on comes after it.
    for (const follower of this.followers) await follower.takePlace();
    this.tail.onPlaced((events, after) => {
      for (const follower of this.followers) follower.hear(events, after);
    });
    this.tail.onNewLog(() => {
      this.places.forget();
      this.readPlacesAgain();
    });
    await this.duty.start({
      begin: () => this.followers.forEach((follower) => follower.begin()),
      standBy: () => this.followers.forEach((follower) => follower.standBy()),
    });
  }

  /** Each by its name, with how long it has been at the same events here, ms. */
  get following(): readonly Readonly<Pick<Follower, 'name' | 'heldUpMs'>>[] {
    return this.followers;
  }

  /** Resolves when none is at work with what it has heard of. */
  async idle(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.idle()));
  }

  private readPlacesAgain(): void {
    for (const follower of this.followers) follower.readPlaceAgain();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all(this.followers.map((follower) => follower.stop()));
    await this.places.stop();
    await this.duty.stop();
  }
}
