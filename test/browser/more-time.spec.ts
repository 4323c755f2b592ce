import type { HubClient } from '@minqing-hub/client-sdk';
import type { CommandName, OrderCard, OrderResult } from '@minqing-hub/client-sdk/protocol';
import type { Browser } from 'playwright-core';
import { act, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;
const DAY_MS = 24 * 60 * MINUTES;
const PHONE = { width: 390, height: 844 };

/** A unit asks for time, its leader agrees, the desk decides: in real browsers, on a desk and on a phone. */
describe('the consoles of more time', () => {
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

  /** Taken on by the unit, which has spoken with the requester. */
  async function handled(): Promise<string> {
    const [agent, desk, unit] = (await Promise.all(
      ['agent001', 'dispatcher02', 'unit-dc-cityworks'].map((name) => openConsole(hub.url, name)),
    )) as [HubClient, HubClient, HubClient];
    const { orderNo, version } = await act(agent, 'register', newRequest());
    const step = async (who: HubClient, name: CommandName, more: object, expectedVersion: number) =>
      ((await act(who, name, { orderNo, expectedVersion, ...more })) as OrderResult).version;
    let at = await step(agent, 'accept', { noPlace: true }, version);
    at = await step(desk, 'dispatch', { unitId: 'dc-cityworks' }, at);
    // As early as can be: what this process takes for the hub's time may lie some ms before the dispatch.
    const { dispatchedAt } = await unit.http.get<OrderCard>(`/api/orders/${orderNo}`);
    const contact = {
      channel: 'phone',
      at: new Date(dispatchedAt!).toISOString(),
      outcome: 'reached',
      summary: '已说明',
    };
    await step(unit, 'recordContact', contact, at);
    for (const client of [agent, desk, unit]) client.close();
    return orderNo;
  }

  const inDays = (days: number) => new Date(Date.now() + days * DAY_MS + 8 * 60 * MINUTES).toISOString().slice(0, 10);

  it(
    '[T17] [EX5] let a unit ask on a phone, its leader agree, and a dispatcher approve; the requester is told',
    async () => {
      const deputy = await ConsoleWindow.open(browser, hub.url, 'deputy-dc-cityworks');
      const orderNo = await handled();
      const unit = await ConsoleWindow.open(browser, hub.url, 'unit-dc-cityworks', PHONE);
      await unit.press('tab-handling');
      await unit.row(orderNo).click();
      await unit.press('aside-actions');
      await unit.press('act-requestExtension');
      await unit.fill('extension-reason', '等材料到货。');
      await unit.press('extension-send');
      await unit.part('extension').getByText('等分管领导同意').waitFor();
      await unit.part('extension').getByText('等材料到货。').waitFor();

      await deputy.press('tab-handling');
      await deputy.row(orderNo).click();
      await deputy.part('extension').getByText('等材料到货。').waitFor();
      await deputy.press('act-approveExtension');
      await deputy.part('extension').getByText('等分拨员审批').waitFor();
      await deputy.part('act-approveExtension').waitFor({ state: 'detached' });

      const dispatcher = await ConsoleWindow.open(browser, hub.url, 'dispatcher01');
      await dispatcher.ready();
      await dispatcher.part('offer').getByText('延期待审批').waitFor();
      expect(await dispatcher.takeOffer()).toBe(orderNo);
      await dispatcher.part('time-request-work').getByText('等材料到货。').waitFor();
      await dispatcher.press('approve-time-send');
      await dispatcher.page.locator(`[data-claimed="${orderNo}"]`).waitFor({ state: 'detached' });

      // Whoever only closes the window is there for a while, and would be offered what comes next.
      await dispatcher.press('presence-break');
      await dispatcher.isPresent('break');

      await unit.part('extension').waitFor({ state: 'detached' });
      await unit.part('notices').getByText('的办理期限已延长').waitFor();
      await deputy.trailSays('延期');
      expect([...unit.faults, ...deputy.faults, ...dispatcher.faults]).toEqual([]);
      await Promise.all([unit.close(), deputy.close(), dispatcher.close()]);
    },
    3 * MINUTES,
  );

  it(
    '[T18] [T19] [EX4] [EX6] let a unit promise, put aside, take that back and go on; who says no says why',
    async () => {
      const orderNo = await handled();
      const unit = await ConsoleWindow.open(browser, hub.url, 'unit-dc-cityworks');
      const deputy = await ConsoleWindow.open(browser, hub.url, 'deputy-dc-cityworks', PHONE);
      for (const window of [unit, deputy]) {
        await window.press('tab-handling');
        await window.row(orderNo).click();
      }
      await unit.press('aside-actions');
      await unit.press('act-promiseDue');
      await unit.part('promise-day').fill(inDays(0));
      await unit.press('promise-send');
      await unit.trailSays('承诺提前办结');

      const ask = async () => {
        await unit.press('act-requestSuspension');
        await unit.part('suspension-reason-code').getByText('须第三方先处理').click();
        await unit.part('suspension-until').fill(inDays(30));
        await unit.fill('suspension-reason', '等燃气公司迁改管线。');
        await unit.press('suspension-send');
        await unit.part('suspension').getByText('等分管领导同意').waitFor();
      };
      await ask();
      await deputy.press('act-declineProposal');
      await deputy.fill('decline-reason', '先去协调。');
      await deputy.press('decline-send');
      await unit.part('suspension').waitFor({ state: 'detached' });
      await unit.part('trail').getByText('先去协调。').waitFor();
      await unit.part('act-cancelRequest').waitFor({ state: 'detached' });
      await ask();
      await unit.press('act-cancelRequest');
      await unit.part('suspension').waitFor({ state: 'detached' });
      await deputy.part('act-approveSuspension').waitFor({ state: 'detached' });
      await unit.trailSays('撤回申请');
      await unit.part('act-cancelRequest').waitFor({ state: 'detached' });
      await ask();
      await deputy.press('act-approveSuspension');

      const dispatcher = await ConsoleWindow.open(browser, hub.url, 'dispatcher01');
      await dispatcher.ready();
      expect(await dispatcher.takeOffer()).toBe(orderNo);
      await dispatcher.press('approve-time-send');
      await dispatcher.page.locator(`[data-claimed="${orderNo}"]`).waitFor({ state: 'detached' });

      await unit.part('work-state').filter({ hasText: '已挂账' }).waitFor();
      await unit.part('suspension').getByText('已挂账，至').waitFor();
      await unit.press('clock-HANDLING');
      await unit.part('clock-facts').getByText('因挂账（须第三方先处理）').waitFor();
      await unit.press('act-resume');
      await unit.fill('resume-reason', '管线已迁改。');
      await unit.press('resume-send');
      await unit.part('work-state').filter({ hasText: '办理中' }).waitFor();
      await unit.trailSays('恢复办理');
      await unit.press('clock-HANDLING');
      await unit.part('paused-for').getByText('挂账：须第三方先处理').waitFor();
      expect([...unit.faults, ...deputy.faults, ...dispatcher.faults]).toEqual([]);
      await Promise.all([unit.close(), deputy.close(), dispatcher.close()]);
    },
    3 * MINUTES,
  );
});
