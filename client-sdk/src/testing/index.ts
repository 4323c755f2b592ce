/** For tests of consoles and programs that use the hub. */
export { exampleItem, exampleSeat } from './example-cards.js';
export { FakeHub, type SentCommand } from './fake-hub.js';
