import { fileURLToPath } from 'node:url';
import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vite';

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * `vite build` gives the bundle that the hub serves. `npm -w console run look` shows the same consoles on a hub in memory
 * (`/?as=agent`, see dev/main.ts), `npm -w console run dev` on a hub that runs on port 3000.
 */
export default defineConfig(({ mode }) => ({
  root: mode === 'preview' ? at('./dev') : at('.'),
  publicDir: at('./public'),
  base: './',
  plugins: [vue()],
  resolve: {
    alias: [
      { find: '@minqing-hub/client-sdk/protocol', replacement: at('../client-sdk/src/protocol/index.ts') },
      { find: '@minqing-hub/client-sdk/testing', replacement: at('../client-sdk/src/testing/index.ts') },
      { find: '@minqing-hub/client-sdk', replacement: at('../client-sdk/src/client/index.ts') },
    ],
  },
  server: { proxy: { '/api': 'http://127.0.0.1:3000', '/socket.io': { target: 'http://127.0.0.1:3000', ws: true } } },
  build: {
    outDir: mode === 'preview' ? at('./dev/dist') : at('./dist'),
    emptyOutDir: true,
    target: 'es2022',
    chunkSizeWarningLimit: 1200,
  },
}));
