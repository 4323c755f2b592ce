/**
 * How Node runs a hub. Nearly all that a hub makes lives for a moment: where the young space holds it (MiB, three of them
 * at most), little is copied, and the pauses that agents feel are fewer and shorter.
 */
export const NODE_FLAGS: readonly string[] = ['--enable-source-maps', '--max-semi-space-size=64'];
