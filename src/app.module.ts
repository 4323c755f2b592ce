import { type DynamicModule, Module } from '@nestjs/common';
import { CalendarModule } from './calendar/calendar.module.js';
import { CallbacksModule } from './callbacks/callbacks.module.js';
import { CommandsModule } from './commands/commands.module.js';
import type { Clock } from './config/clock.js';
import { ConfigModule } from './config/config.module.js';
import type { Policy } from './config/policy.js';
import type { Settings } from './config/settings.js';
import { DeadlinesModule } from './deadlines/deadlines.module.js';
import { InProcessAlarms } from './deadlines/in-process-alarms.js';
import { EventLogModule } from './event-log/event-log.module.js';
import { CoordinationModule } from './coordination/coordination.module.js';
import { FloorModule } from './floor/floor.module.js';
import { HealthController } from './health/health.controller.js';
import { HEALTH_PARTS } from './health/health-parts.js';
import { MetricsController } from './health/metrics.controller.js';
import { IdentityModule } from './identity/identity.module.js';
import { IntakeModule } from './intake/intake.module.js';
import { KnowledgeModule } from './knowledge/knowledge.module.js';
import { ListsModule } from './lists/lists.module.js';
import { NoticesModule } from './notices/notices.module.js';
import { OrdersModule } from './orders/orders.module.js';
import { PolicyModule } from './policy/policy.module.js';
import { QueuesModule } from './queues/queues.module.js';
import { SeatSockets } from './queues/seat-sockets.js';
import { RealtimeModule } from './realtime/realtime.module.js';
import { ShiftsModule } from './shifts/shifts.module.js';
import { openSqliteStore } from './storage/sqlite-store.js';
import { StorageModule } from './storage/storage.module.js';
import { TelephonyModule } from './telephony/telephony.module.js';

/** The composition root: the one place that knows all parts and picks a profile's adapters. */
@Module({ controllers: [HealthController, MetricsController], providers: HEALTH_PARTS })
export class AppModule {
  static async with(settings: Settings, policy: Policy, clock: Clock): Promise<DynamicModule> {
    // Modules end in the reverse order of their names here: one that is only promised would come last, and end first.
    const [storage, clocks] = [await storageOf(settings), await deadlines(settings)];
    return {
      module: AppModule,
      imports: [
        ConfigModule.with(settings, policy, clock),
        storage,
        EventLogModule,
        CommandsModule,
        IdentityModule,
        ListsModule,
        CalendarModule,
        clocks,
        PolicyModule,
        KnowledgeModule,
        QueuesModule,
        FloorModule,
        ShiftsModule,
        OrdersModule,
        CoordinationModule,
        TelephonyModule,
        CallbacksModule,
        NoticesModule,
        IntakeModule,
        RealtimeModule.withWatcher(SeatSockets),
      ],
    };
  }
}

/** Who has one file does not even load what speaks to a server. */
export async function storageOf({ profile }: Settings): Promise<DynamicModule> {
  if (profile === 'embedded') return StorageModule.with(openSqliteStore);
  const { openMariadbStore } = await import('./storage/mariadb-store.js');
  return StorageModule.with(openMariadbStore);
}

/** Who has no use for Redis does not even load what speaks to it. */
async function deadlines({ alarms }: Settings): Promise<DynamicModule> {
  if (alarms === 'in-process') return DeadlinesModule.withAlarms(InProcessAlarms);
  const { BullAlarms } = await import('./deadlines/bull-alarms.js');
  const { alarmQueues } = await import('./deadlines/alarm-queues.js');
  return DeadlinesModule.withAlarms(BullAlarms, alarmQueues());
}
