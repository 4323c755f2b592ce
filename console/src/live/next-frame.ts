/**
 * Runs `work` once before the next picture, however often it was asked for: a burst of forty changes a second costs one
 * rendering per frame. A page in the background draws no pictures, so a timer sees to it that its title stays true.
 */
export function oncePerFrame(work: () => void): { (): void; cancel: () => void } {
  let frame = 0;
  let timer = 0;
  const run = () => {
    cancel();
    work();
  };
  const cancel = () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = 0;
    timer = 0;
  };
  const ask = () => {
    if (timer !== 0) return;
    frame = requestAnimationFrame(run);
    timer = window.setTimeout(run, 250);
  };
  return Object.assign(ask, { cancel });
}
