import { BUG_NAMES } from './names.js';
import { PLANTS } from './plants.js';

describe('planted bugs', () => {
  it.each(BUG_NAMES)('%s has its place in the hub', (name) => {
    expect(() => PLANTS[name]()).not.toThrow();
  });
});
