import { Module } from '@nestjs/common';
import { KeyedDigest } from '../../commands/keyed-digest.js';
import { CallerOrders } from './caller-orders.js';
import { OrderReading } from './order-reading.js';
import { OrderSearch } from './order-search.js';
import { OrdersController } from './orders.controller.js';

/** Orders over HTTP, to be read. */
@Module({
  controllers: [OrdersController],
  providers: [KeyedDigest, OrderSearch, OrderReading, CallerOrders],
  exports: [CallerOrders],
})
export class OrderQueriesModule {}
