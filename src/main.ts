import { join } from 'node:path';
import { KeptCode } from './kept-code.js';
import type { serve as Serve } from './serve.js';

const code = new KeptCode();
const { serve } = code.run(join(import.meta.dirname, 'serve.cjs')) as { serve: typeof Serve };
await serve();
// By now all that a start needs has been compiled.
code.keep();
