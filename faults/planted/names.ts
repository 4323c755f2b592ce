import type { FaultKind } from '../history/entry.js';

interface Bug {
  /** What the hub does wrong then. */
  sentence: string;
  /** What must break for it to show; without these nothing breaks. */
  faults: readonly FaultKind[];
  /** The profiles whose parts it is in. */
  of: readonly BuggyProfile[];
}

export type BuggyProfile = 'embedded' | 'cluster';

const of =
  (...profiles: BuggyProfile[]) =>
  (sentence: string, ...faults: FaultKind[]): Bug => ({ sentence, faults, of: profiles });
const bug = of('embedded', 'cluster');
const inOneFile = of('embedded');
const amongNodes = of('cluster');

/** Every bug that can be planted, by the name that `npm run faults -- --planted NAME` knows. */
export const BUGS = {
  // the log
  'emit-before-commit': inOneFile('consoles are told what is not committed yet', 'hub killed'),
  'ack-before-commit': inOneFile('a command is acknowledged before it is committed', 'hub killed'),
  'cursor-off-by-one': bug('the tail goes on one event too late after a full batch'),
  'commit-order-gap': bug('the tail follows ids: what commits late is behind it already'),
  'commit-order-swapped': bug('an event that commits late is handed out behind later ones'),
  'offset-skipped': inOneFile('an offset is given to no event'),
  'event-forgotten': bug('a command changes its order and tells nobody'),
  'event-appended-twice': bug('a retried append stands in the log twice'),
  'gone-not-sent': bug('a card that leaves a room is not told to leave'),
  // delivery
  'frame-twice': bug('a frame is sent again after a hitch'),
  'frames-swapped': bug('a frame is sent behind the next one'),
  'frame-lost': bug('a frame is lost in a hitch'),
  'snapshot-stale': bug('a snapshot is older than the offset it names'),
  'snapshot-offset-low': bug('a snapshot holds more than the offset it names'),
  'catch-up-truncated': bug('a resumed console misses the end of what it missed', 'line cut'),
  'catch-up-skipped': bug('a resumed console is taken to the head without what it missed', 'line cut'),
  'stale-epoch': bug('a place in a log that is no more is resumed from'),
  'offset-above-head': bug('a place to which the room has not come is resumed from'),
  'resync-ignored': bug('a slow console is taken out of its rooms and not told'),
  'latest-stale': bug('a counter stops at an old value'),
  // commands
  'retry-without-dedupe': bug('the same command again is carried out again'),
  'id-without-payload': bug('the same id with another payload gets the first one’s answer'),
  'form-answer-stored': bug('a refusal for its form is given again to the mended command'),
  'source-without-dedupe': bug('the same request of a source system becomes two orders'),
  'return-without-effect': bug('an item is said to be returned, and its holder keeps it'),
  // seats
  'claim-without-compare': bug('a claim takes an item out of another seat’s hands'),
  'offer-without-compare': bug('an item is offered to a second seat'),
  'grace-forgotten': bug('what a seat had is lost with it when its grace is over'),
  // rights
  'rights-cached-in-push': bug('a console stays in its rooms after its rights are gone'),
  'rights-cached-in-commands': bug('commands go by the rights that somebody had first'),
  'doors-open': bug('any room opens to anybody'),
  'masked-in-log-only': bug('a snapshot shows of a confidential order what its room may not see'),
  'masked-nowhere': bug('events show confidential orders whole in shared rooms'),
  // clocks
  'signal-marked-before-raised': bug('a signal is marked as said and then not said'),
  'signal-twice': bug('a signal is said again after a retry'),
  'signal-after-stop': bug('a clock that was stopped in time says its signal all the same'),
  'alarms-trusted': bug('what Redis forgets nobody remembers', 'redis flushed', 'redis killed'),
  // several nodes
  'late-commit-unplaced': amongNodes('what commits behind rows that have their place gets none'),
  'places-swapped': amongNodes('events that wait together get their places in another order than they were written in'),
  'placed-elsewhere-untold': amongNodes('a node tells its consoles only what it has placed itself'),
  'rights-lost-at-one-node': amongNodes('rights are lost only where the command came that took them'),
  'ack-before-cluster-commit': amongNodes('a command is acknowledged before it is committed', 'hub killed'),
  'rows-not-locked': amongNodes('what two nodes change at the same time neither has locked'),
} as const satisfies Record<string, Bug>;

export type BugName = keyof typeof BUGS;
export const BUG_NAMES = Object.keys(BUGS) as readonly BugName[];

export const bugsOf = (profile: BuggyProfile): BugName[] => BUG_NAMES.filter((name) => BUGS[name].of.includes(profile));
