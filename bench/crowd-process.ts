import { CrowdOnLine } from './crowd-on-line.js';
import type { Question, Reply } from './far-crowd.js';

/** A process that has consoles and nothing else; `FarCrowd` starts it and asks it. */
const crowd = new CrowdOnLine();

process.on('message', ({ id, name, told }: Question) => {
  void (async () => {
    let reply: Reply;
    try {
      reply = { id, answer: await (crowd[name] as (told: unknown) => unknown).call(crowd, told) };
    } catch (error) {
      reply = { id, fault: String((error as Error).stack) };
    }
    process.send!(reply);
  })();
});
process.on('disconnect', () => process.exit());
