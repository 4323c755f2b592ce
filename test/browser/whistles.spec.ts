import type { Browser } from 'playwright-core';
import { act, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;
const PHONE = { width: 390, height: 844 };

/** As a field for a moment takes it, so many days from now, in China. */
const inDays = (days: number) => new Date(Date.now() + (days * 24 + 8) * 60 * MINUTES).toISOString().slice(0, 16);

/**
 * A compound whose deeds were never issued: the street blows, the departments report in, one of them late, agree, do it,
 * and the street judges. In real browsers, on a desk and on a phone.
 */
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

  const row = (window: ConsoleWindow) => window.page.locator('[data-whistle]').first();
  const member = (window: ConsoleWindow, unitId: string) => window.part('roster').locator(`[data-unit="${unitId}"]`);

  it(
    '[W1] [W3] [W5] [W6] [W9] [W12] lead it from the blow to its release, and say at once who did not come',
    async () => {
      const admin = await openConsole(hub.url, 'admin');
      const [street, housing, civil, supervisor] = [
        await ConsoleWindow.open(browser, hub.url, 'street-dongcheng'),
        await ConsoleWindow.open(browser, hub.url, 'unit-housing'),
        await ConsoleWindow.open(browser, hub.url, 'unit-civil', PHONE),
        await ConsoleWindow.open(browser, hub.url, 'supervisor01'),
      ];
      for (const window of [street, supervisor])
        await window.page.getByRole('button', { name: '吹哨' }).first().click();
      // Their time is over as soon as they are called: nobody could be in time.
      await act(admin, 'changePolicy', { key: 'reportIn.limit.other', value: 0, unit: 'min', reason: '应急演练' });

      await street.press('blow');
      await street.fill('blow-basis', '一百二十户办不下产权证，涉及住建、民政两家职权。');
      await street.fill('blow-finding', '小区交付十年未办证。');
      await street.pick('blow-units', '住房和建设局');
      await street.pick('blow-units', '民政局');
      // A press beside the list closes it.
      await street.page.getByRole('heading', { name: '吹哨', exact: true }).click();
      await street.part('blow-lead').click();
      await street.page.locator('.el-select-dropdown__item:visible', { hasText: '住房和建设局' }).click();
      await street.press('blow-send');
      await street.part('whistle-stage').getByText('待会商').waitFor();

      // The moment that it happens, on the supervisor's side.
      await row(supervisor).getByText('缺席：住房和建设局、民政局').waitFor();
      await row(civil).getByText('本单位未按时报到').waitFor();
      await row(housing).getByTestId('report-on-site').click();
      await row(civil).getByText('已报到 1/2').waitFor();
      await row(civil).getByTestId('report-online').click();
      await row(supervisor).getByText('已报到 2/2').waitFor();
      await member(street, 'civil').getByText('逾期未到').waitFor();

      await row(housing).getByTestId('whistle-open').click();
      await housing.part('whistle-room').getByText('一百二十户办不下产权证').waitFor();
      await housing.press('whistle-convene');
      await housing.fill('convene-minutes', '住建补办手续，民政核实住户。');
      for (const [n, duty] of ['补办验收手续', '核实住户名单'].entries()) {
        await housing.part('convene-duty').nth(n).fill(duty);
        await housing.part('convene-due').nth(n).fill(inDays(3));
      }
      await housing.press('convene-send');
      await street.part('whistle-stage').getByText('已会商定责').waitFor();

      await row(civil).getByTestId('whistle-open').click();
      await civil.fill('talk-words', '名单周五前给出。');
      await civil.press('talk-send');
      await housing.part('talk').getByText('名单周五前给出。').waitFor();
      await civil.part('talk').getByText('2 人已读').waitFor();
      for (const window of [housing, civil]) {
        await window.press('task-start');
        await window.fill('task-words', '已完成，附批复文号。');
        await window.press('task-done');
      }
      await housing.part('tasks').getByText('已完成').nth(1).waitFor();
      await housing.press('whistle-submit');

      await street.press('whistle-accept');
      const stars = street.page.locator('.el-rate');
      for (let n = 0; n < 6; n++) await stars.nth(n).locator('.el-rate__item').nth(3).click();
      await street.press('rating-send');
      await housing.part('whistle-stage').getByText('已销哨').waitFor();
      await street.part('whistle-stage').getByText('已销哨').waitFor();
      for (const window of [street, housing, civil, supervisor]) expect(window.faults).toEqual([]);
      admin.close();
    },
    4 * MINUTES,
  );
});
