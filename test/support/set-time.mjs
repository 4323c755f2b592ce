/**
 * Loaded into a process before its program: its system time is the machine's and what a file says, at each moment anew, in
 * its worker threads, too. What counts steadily (`performance.now`, timers) goes on, as it does when somebody sets a clock.
 */
import { openSync, readSync } from 'node:fs';

const file = openSync(process.env.SYSTEM_TIME_FILE, 'r');
const aheadMs = new Float64Array(1);
const machine = Date;

const now = () => {
  readSync(file, aheadMs, 0, aheadMs.byteLength, 0);
  return machine.now() + aheadMs[0];
};

globalThis.Date = new Proxy(machine, {
  apply: () => new machine(now()).toString(),
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [now()] : given, made),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
