import { BUG_NAMES } from './names.js';
import { uproot } from './plant.js';
import { PLANTS } from './plants.js';

describe('planted bugs', () => {
  // What comes after it in this process has the hub's own classes, and not a hub with every bug there is.
  afterEach(uproot);

  it.each(BUG_NAMES)('%s has its place in the hub', (name) => {
    PLANTS[name]();
    expect(uproot()).toBeGreaterThan(0);
  });
});
