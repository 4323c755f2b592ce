import { onEachDatabase } from '../support/store.js';
import { unitOfWorkContract } from './unit-of-work.contract.js';

describe('unit of work', () => onEachDatabase((open) => unitOfWorkContract(open)));
