/** Loaded into a hub that is measured: when asked it collects its garbage, and what is left is what it holds. */
process.on('SIGUSR2', () => globalThis.gc!());
