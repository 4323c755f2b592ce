import type { FaultKind } from '../history/entry.js';
import type { Line } from '../consoles/line.js';
import type { HubNode } from './hub-node.js';

/** Something that can happen to a server. */
export interface ServerFault {
  kind: FaultKind;
  /** How often it comes, beside the others. */
  weight: number;
  /** Resolves when it is over and what it hit serves again. Answers what it hit. */
  befall(random: () => number): Promise<string>;
}

/** What can happen to one server: one after the other, while other servers have faults of their own. */
export interface Lane {
  faults: readonly ServerFault[];
  /** From one fault's end to the next one's begin, on the average: so many times as long as between faults of lines. */
  rest: number;
}

/** A profile's servers as real processes. The tester knows no more of a profile than this. */
export interface Servers {
  readonly nodes: readonly HubNode[];
  /** How consoles reach a node. */
  readonly line: Line;
  readonly lanes: readonly Lane[];
  /** Whether events have their place in the log as soon as they are committed. */
  readonly placesAtCommit: boolean;
  start(): Promise<void>;
  /** Ends the hubs in order and looks at what they leave, to a person or in the log; what is wrong, if anything is. */
  finish(): Promise<string | null>;
  /** Ends all that runs, however it stands, and takes its data away. */
  remove(): Promise<void>;
}

export const between = (random: () => number, from: number, to: number): number => from + random() * (to - from);
export const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

interface Pausable {
  pause(): void;
  resume(): void;
}

export const KILLED_MS = { from: 0, to: 400 };
export const PAUSED_MS = { from: 100, to: 1_500 };

/** Stands still for a while. */
export async function standStill(server: Pausable, random: () => number, { from, to } = PAUSED_MS): Promise<void> {
  server.pause();
  await pause(between(random, from, to));
  server.resume();
}

/** Dies, and is started again a little later. */
export async function dieAndReturn(
  server: { kill(): Promise<void>; start(): Promise<void> },
  random: () => number,
): Promise<void> {
  await server.kill();
  await pause(between(random, KILLED_MS.from, KILLED_MS.to));
  await server.start();
}

/** As an operator does it. */
async function restart(node: HubNode): Promise<void> {
  await node.stop();
  await node.start();
}

const HUB_REST = 6;

/** Each node by itself, however many there are: so all of them may be away at once. */
export const hubLanes = (nodes: readonly HubNode[]): Lane[] =>
  nodes.map((node) => ({
    rest: HUB_REST * nodes.length,
    faults: [
      { kind: 'hub killed', weight: 3, befall: (random) => dieAndReturn(node, random).then(() => node.name) },
      { kind: 'hub paused', weight: 2, befall: (random) => standStill(node, random).then(() => node.name) },
      { kind: 'hub restarted', weight: 1, befall: () => restart(node).then(() => node.name) },
    ],
  }));
