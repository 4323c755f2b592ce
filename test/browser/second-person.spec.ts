import type { HubClient } from '@minqing-hub/client-sdk';
import type { CommandName, OrderResult } from '@minqing-hub/client-sdk/protocol';
import type { Browser } from 'playwright-core';
import { act, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;

/** What one person proposes, and another sees before it comes about, in a real browser. */
describe('the consoles of second persons', () => {
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

  it.each(['public', 'confidential'] as const)(
    '[T3] [DG4] let a shift leader say no to a refusal of a %s order, with a reason that the trail shows',
    async (visibility) => {
      const agent = await openConsole(hub.url, 'agent001');
      const { orderNo, version } = await act(agent, 'register', { ...newRequest(), visibility });
      await act(agent, 'refuse', {
        orderNo,
        expectedVersion: version,
        reasonCode: 'outside_scope',
        alternativeChannel: '信访部门',
      });
      agent.close();

      const leader = await ConsoleWindow.open(browser, hub.url, 'leader01');
      await leader.part('refusals').locator(`[data-order="${orderNo}"]`).click();
      await leader.press('decline-refusal');
      await leader.fill('decline-reason', '路面属于受理范围。');
      await leader.press('decline-send');
      await leader.part('refusals').locator(`[data-order="${orderNo}"]`).waitFor({ state: 'detached' });
      await leader.part('trail').getByText('路面属于受理范围。').waitFor();
      await leader.trailSays('提请未获同意');
      expect(leader.faults).toEqual([]);
      await leader.close();
    },
    2 * MINUTES,
  );

  it(
    '[T9] [T33] let a deputy leader say no to an objection, and a dispatcher to an escalation',
    async () => {
      // First of all: it waits for the accounts of units.
      const deputy = await ConsoleWindow.open(browser, hub.url, 'deputy-dc-cityworks');
      const [agent, desk, unit] = await Promise.all(
        ['agent001', 'dispatcher02', 'unit-dc-cityworks'].map((name) => openConsole(hub.url, name)),
      );
      const { orderNo, version } = await act(agent!, 'register', newRequest());
      const step = async (who: HubClient, name: CommandName, more: object, expectedVersion: number) =>
        ((await act(who, name, { orderNo, expectedVersion, ...more })) as OrderResult).version;
      let at = await step(agent!, 'accept', { noPlace: true }, version);
      at = await step(desk!, 'dispatch', { unitId: 'dc-cityworks' }, at);
      at = await step(
        unit!,
        'object',
        { reasonCode: 'other_level', basis: '应由区级承办。', proposedUnitId: 'cityworks' },
        at,
      );

      await deputy.press('tab-objection');
      await deputy.row(orderNo).click();
      await deputy.part('unit-objection').getByText('应由区级承办。').waitFor();
      await deputy.press('act-declineProposal');
      await deputy.fill('decline-reason', '属本办职责。');
      await deputy.press('decline-send');
      await deputy.part('unit-objection').waitFor({ state: 'detached' });
      await deputy.part('work-state').filter({ hasText: '待签收' }).waitFor();

      const dispatcher = await ConsoleWindow.open(browser, hub.url, 'dispatcher01');
      await dispatcher.ready();
      await step(unit!, 'escalateLevel', { toUnitId: 'dongcheng', reason: '须由街道统筹。' }, at + 1);
      expect(await dispatcher.takeOffer()).toBe(orderNo);
      await dispatcher.part('escalation').getByText('须由街道统筹。').waitFor();
      await dispatcher.press('decline-escalation');
      await dispatcher.fill('decline-reason', '办公室可以自行办理。');
      await dispatcher.press('decline-send');
      await dispatcher.page.locator(`[data-claimed="${orderNo}"]`).waitFor({ state: 'detached' });

      expect([...deputy.faults, ...dispatcher.faults]).toEqual([]);
      for (const client of [agent!, desk!, unit!]) client.close();
      await Promise.all([deputy.close(), dispatcher.close()]);
    },
    2 * MINUTES,
  );
});
