import type { Browser } from 'playwright-core';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;
const NEW = 'another-pass-phrase';

describe('a new password, in a real browser', () => {
  let hub: HubProcess;
  let browser: Browser;

  beforeAll(async () => {
    hub = await HubProcess.create();
    await hub.start();
    browser = await openBrowser();
  }, 2 * MINUTES);

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
  });

  const mayEnter = async (password: string) =>
    (
      await fetch(`${hub.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: 'agent001', password }),
      })
    ).ok;

  it(
    '[ID4] is set on the console, which goes on, and ends the other one',
    async () => {
      const [here, elsewhere] = [
        await ConsoleWindow.open(browser, hub.url, 'agent001'),
        await ConsoleWindow.open(browser, hub.url, 'agent001'),
      ];
      await here.press('who');
      await here.fill('password-old', 'guess');
      await here.fill('password-new', NEW);
      await here.fill('password-again', NEW);
      await here.press('password-send');
      await here.part('password-refusal').getByText('原密码不对').waitFor();
      await here.fill('password-old', 'demo');
      await here.press('password-send');
      await here.part('password-dialog').waitFor({ state: 'detached' });
      await elsewhere.part('login').waitFor();
      await here.shows('实时');
      await here.press('presence-ready');
      expect(await mayEnter('demo')).toBe(false);
      await until('the new password to hold', () => mayEnter(NEW));
      expect([...here.faults, ...elsewhere.faults]).toEqual([]);
      expect(here.loads).toBe(1);
      await Promise.all([here.close(), elsewhere.close()]);
    },
    2 * MINUTES,
  );
});
