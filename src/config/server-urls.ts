/**
 * `scheme://[user[:password]@]host[:port][,host[:port]…][/path][?query]`: several servers of which any may be asked.
 * Answers one URL for each of them, in order, as if it were alone; `undefined` where one of them is none.
 */
export function serverUrls(text: string): URL[] | undefined {
  const [, before, hosts, after] = /^([^:/]+:\/\/(?:[^/]*@)?)([^/?#@]*)(.*)$/s.exec(text) ?? [];
  const each = hosts?.split(',').map((host) => `${before}${host}${after}`);
  return each?.every((url) => URL.canParse(url)) ? each.map((url) => new URL(url)) : undefined;
}

/** IPv6 without its brackets, as those want it who connect to it. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
