import type { Browser } from 'playwright-core';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;

describe('the policy, in a real browser', () => {
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

  /** The page of the policy with one of them opened. */
  const looksAt = async (username: string, key: string) => {
    const window = await ConsoleWindow.open(browser, hub.url, username);
    await window.page.getByRole('button', { name: '政策', exact: true }).click();
    await window.fill('policies-search', key);
    await window.page.locator(`tr[data-policy="${key}"]`).click();
    await window.part('policy-history').waitFor();
    return window;
  };
  const says = (window: ConsoleWindow, testid: string, text: string) =>
    window.part(testid).filter({ hasText: text }).first().waitFor();

  /** As the field of the browser has it, which is in Shanghai. */
  const in2Days = () => new Date(Date.now() + (2 * 24 + 8) * 60 * MINUTES).toISOString().slice(0, 16);

  it(
    '[PC1] [PC3] [PC5] [PC7] is set by its administrator and seen at once by who watches over it',
    async () => {
      const [admin, supervisor] = [
        await looksAt('admin', 'dispatch.limit.urgent'),
        await looksAt('supervisor01', 'dispatch.limit.urgent'),
      ];
      expect(await supervisor.part('policy-set').count()).toBe(0);
      await says(supervisor, 'policy-now', '30 分钟');

      await admin.press('policy-set');
      await admin.fill('policy-value', '-5');
      await admin.fill('policy-reason', '汛期来件量大');
      await admin.press('policy-send');
      await admin.page.locator('[data-testid=refusal][data-code=policy_value_invalid]').waitFor();
      await admin.fill('policy-value', '45');
      await admin.press('policy-send');
      await admin.part('policy-change').waitFor({ state: 'detached' });
      await says(supervisor, 'policy-now', '45 分钟');
      await says(supervisor, 'policy-history', '汛期来件量大');
      await says(supervisor, 'policy-value-now', '45 分钟');

      await admin.press('policy-set');
      await admin.fill('policy-value', '40');
      await admin.choose('policy-when', '定时');
      await admin.fill('policy-at', in2Days());
      await admin.fill('policy-reason', '汛期过后再收紧');
      await admin.press('policy-send');
      await says(supervisor, 'policy-planned', '起改为 40 分钟');
      await admin.press('policy-undo');
      await admin.fill('withdraw-reason', '暂不收紧');
      await admin.press('withdraw-send');
      await supervisor.part('policy-planned').waitFor({ state: 'detached' });
      await says(supervisor, 'policy-history', '暂不收紧');
      await says(supervisor, 'policy-now', '45 分钟');

      expect([...admin.faults, ...supervisor.faults]).toEqual([]);
      expect([admin.loads, supervisor.loads]).toEqual([1, 1]);
      await Promise.all([admin.close(), supervisor.close()]);
    },
    2 * MINUTES,
  );
});
