import type { OrderDetail } from '@minqing-hub/client-sdk/protocol';
import type { OrderCommandRunner } from '../live/use-order-command';

/** What a form that asks for a step of an open order is given. */
export interface OrderFormProps {
  order: OrderDetail;
  version: number;
  command: OrderCommandRunner;
}

/** And what it says: what was done, in words, or that nothing shall be. */
export interface OrderFormEmits {
  (event: 'done', what: string): void;
  (event: 'cancel'): void;
}
