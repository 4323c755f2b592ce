/** For tests of consoles and programs that use the hub. */
export { exampleSeat } from './example-cards.js';
export { FakeHub, type SentCommand } from './fake-hub.js';
