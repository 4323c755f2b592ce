import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { Gateway } from './gateway.js';
import { OpenRequests } from './open-requests.js';
import { Push } from './push.js';
import { Rooms } from './rooms.js';
import { SocketWatcher } from './socket-watcher.js';

@Module({})
export class RealtimeModule {
  /** `watcher`: the feature that wants to know whose sockets come and go. */
  static withWatcher(watcher: Type<SocketWatcher>): DynamicModule {
    return {
      module: RealtimeModule,
      providers: [Rooms, Push, OpenRequests, Gateway, { provide: SocketWatcher, useExisting: watcher }],
      exports: [Push],
    };
  }
}
