/** `npm start`: from a bare clone to a serving hub. */
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { command, handOver, root, setUp, Stop } from './setup.mjs';

/** The hub says best what is wrong with its settings; here only a taken port matters. */
async function needPort() {
  const port = Number(process.env.HUB_PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return;
  const code = await new Promise((done) => {
    const probe = createServer();
    probe.once('error', (error) => done(error.code));
    probe.listen(port, process.env.HUB_HOST || '127.0.0.1', () => probe.close(() => done('free')));
  });
  if (code === 'EADDRINUSE') {
    const other = port < 65_535 ? port + 1 : port - 1;
    throw new Stop(
      `端口 ${port} 已被占用。请关闭占用它的程序，或换一个端口：HUB_PORT=${other} npm start\n` +
        `Port ${port} is in use. Stop what holds it, or choose another: HUB_PORT=${other} npm start`,
    );
  }
  if (code === 'EACCES') {
    throw new Stop(
      `没有权限使用端口 ${port}，请换一个 1024 以上的端口：HUB_PORT=3000 npm start\n` +
        `Port ${port} may not be used by this account; choose one above 1024: HUB_PORT=3000 npm start`,
    );
  }
}

await command(async (args) => {
  if (args.length > 0) {
    throw new Stop(
      `npm start 没有参数（${args.join(' ')}）；设置写在环境变量或 .env 里，例如 HUB_PORT=3055 npm start\n` +
        'npm start takes no arguments: settings are environment variables, or stand in .env; HUB_PORT=3055 npm start',
    );
  }
  await setUp();
  if (existsSync(join(root, '.env'))) process.loadEnvFile(join(root, '.env'));
  await needPort();
  const { NODE_FLAGS } = await import('../dist/src/config/node-flags.js');
  return handOver([...NODE_FLAGS, 'dist/src/main.js']);
});
