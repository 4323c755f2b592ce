/** `npm start`: from a bare clone to a serving hub. */
import { createServer } from 'node:net';
import { command, handOver, setUp, Stop } from './setup.mjs';

const port = Number(process.env.HUB_PORT || 3000);

function portIsFree() {
  return new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done(error.code !== 'EADDRINUSE'));
    probe.listen(port, () => probe.close(() => done(true)));
  });
}

await command(async () => {
  await setUp();
  if (!(await portIsFree())) {
    throw new Stop(
      `端口 ${port} 已被占用。请关闭占用它的程序，或换一个端口：HUB_PORT=${port + 1} npm start\n` +
        `Port ${port} is in use. Stop what holds it, or choose another: HUB_PORT=${port + 1} npm start`,
    );
  }
  return handOver(['--enable-source-maps', 'dist/src/main.js']);
});
