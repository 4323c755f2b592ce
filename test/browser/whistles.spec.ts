import type { CommandPayload } from '@minqing-hub/client-sdk/protocol';
import type { Browser } from 'playwright-core';
import { act, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;
const PHONE = { width: 390, height: 844 };

const BLOW: CommandPayload<'blowWhistle'> = {
  type: 'key_problem',
  basisCode: 'beyond_powers',
  basis: '小区多年办不下产权证，涉及住建、民政两家职权',
  finding: '巡查发现小区一百二十户无法办证',
  unitIds: ['housing', 'civil'],
  leadUnitId: 'housing',
};

/** A street blows, departments hear it and report in: in real browsers, on a desk and on a phone. */
describe('the consoles of a whistle', () => {
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

  it(
    '[W1] [W3] [W5] show a department what it is called to and until when, let it report in, and say who did not come',
    async () => {
      const [housing, civil] = [
        await ConsoleWindow.open(browser, hub.url, 'unit-housing'),
        await ConsoleWindow.open(browser, hub.url, 'unit-civil', PHONE),
      ];
      const [officer, admin] = [await openConsole(hub.url, 'street-dongcheng'), await openConsole(hub.url, 'admin')];
      const { whistleNo } = await act(officer, 'blowWhistle', BLOW);
      const at = (window: ConsoleWindow, no: string) => window.page.locator(`[data-whistle="${no}"]`);
      await at(housing, whistleNo).getByText('待会商').waitFor();
      await at(civil, whistleNo).locator('[data-clock="REPORT_IN"]').waitFor();
      await at(civil, whistleNo).getByTestId('report-online').click();
      await at(housing, whistleNo).getByText('已报到 1/2').waitFor();
      await at(civil, whistleNo).getByText('本单位已报到').waitFor();
      expect(await at(civil, whistleNo).getByTestId('report-online').count()).toBe(0);
      await at(housing, whistleNo).getByTestId('report-on-site').click();
      await at(civil, whistleNo).getByText('已报到 2/2').waitFor();

      // Their time is over as soon as they are called.
      await act(admin, 'changePolicy', { key: 'reportIn.limit.other', value: 0, unit: 'min', reason: '应急演练' });
      const { whistleNo: late } = await act(officer, 'blowWhistle', { ...BLOW, type: 'joint_enforcement' });
      await at(housing, late).getByText('缺席：').waitFor();
      await at(civil, late).getByText('本单位未按时报到').waitFor();
      await at(civil, late).getByTestId('report-on-site').click();
      await at(housing, late).getByText('已报到 1/2').waitFor();
      for (const window of [housing, civil]) expect(window.faults).toEqual([]);
      for (const client of [officer, admin]) client.close();
    },
    3 * MINUTES,
  );
});
