/** For tests of consoles and programs that use the hub. */
export { FakeHub, type SentCommand } from './fake-hub.js';
