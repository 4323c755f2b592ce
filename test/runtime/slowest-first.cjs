const { default: Sequencer } = require('@jest/test-sequencer');

/** Where the slowest lie, in this order: hubs, browsers and servers that are started, killed and waited for. */
const SLOW = ['test/faults/', 'test/browser/', 'test/e2e/', 'test/contract/', 'test/simulation/'];

/** Jest's own order goes by size where it knows no times; what takes a minute in a few lines would begin last of all. */
class SlowestFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const found = SLOW.findIndex((folder) => path.replaceAll('\\', '/').includes(`/${folder}`));
      return found === -1 ? SLOW.length : found;
    };
    return super.sort(tests).sort((a, b) => rank(a) - rank(b));
  }
}

module.exports = SlowestFirst;
