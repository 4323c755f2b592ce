import { Module } from '@nestjs/common';
import { FloorCounters } from './floor-counters.js';
import { FloorPolicy } from './floor-policy.js';
import { FloorStore } from './floor-store.js';

@Module({ providers: [FloorCounters, FloorPolicy, FloorStore] })
export class FloorModule {}
