import { Module } from '@nestjs/common';
import { KeyedDigest } from '../commands/keyed-digest.js';
import { CryptoRandomness, Randomness } from '../config/randomness.js';
import { Batch } from './batch.js';
import { Channels } from './channels.js';
import { IntakeController } from './intake.controller.js';
import { IntakeDoor } from './intake-door.js';
import { Mappings } from './mappings.js';
import { NumberSeries } from './number-series.js';
import { PersonalDigest } from './personal-digest.js';
import { Register } from './register.js';
import { RequestStore } from './request-store.js';
import { SourceKeys } from './source-keys.js';
import { ViewRequester } from './view-requester.js';

/** How requests come in, and who asked. */
@Module({
  controllers: [IntakeController],
  providers: [
    { provide: Randomness, useClass: CryptoRandomness },
    KeyedDigest,
    Channels,
    NumberSeries,
    PersonalDigest,
    RequestStore,
    SourceKeys,
    Register,
    ViewRequester,
    IntakeDoor,
    Batch,
    Mappings,
  ],
})
export class IntakeModule {}
