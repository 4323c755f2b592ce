import type { Browser } from 'playwright-core';
import { HubProcess } from '../support/hub-process.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;

/** Agent, dispatcher, arbiter and units at their consoles at once, in a real browser, on the demo district. */
describe('the consoles of agents and units', () => {
  let hub: HubProcess;
  let browser: Browser;
  let agent: ConsoleWindow;
  const windows: ConsoleWindow[] = [];

  const open = async (username: string, viewport?: { width: number; height: number }) => {
    const window = await ConsoleWindow.open(browser, hub.url, username, viewport);
    windows.push(window);
    return window;
  };

  beforeAll(async () => {
    hub = await HubProcess.create();
    await hub.start();
    browser = await openBrowser();
    agent = await open('agent001');
  }, 2 * MINUTES);

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
  });

  afterEach(async () => {
    for (const window of windows)
      expect({ faults: window.faults, loads: window.loads }).toEqual({ faults: [], loads: 1 });
    for (const window of windows.splice(0)) if (window !== agent) await window.close();
    windows.push(agent);
  });

  /** The agent writes a call down and accepts it; answers the order's number. */
  async function takeCall(text: string, phone: string, where: { item?: string; area: string }): Promise<string> {
    await agent.page.keyboard.press('F2');
    await agent.fill('phone', phone);
    await agent.fill('text', text);
    await agent.choose('kind', '求决');
    if (where.item) await agent.pickItem(where.item);
    await agent.pick('area', where.area);
    await agent.press('register-accept-send');
    await agent.part('new-call').waitFor({ state: 'detached' });
    const [done] = await agent.page.locator('[data-recent]').all();
    return (await done?.getAttribute('data-recent')) ?? '';
  }

  /** The agent looks at an order that was just finished. */
  const look = (orderNo: string) => agent.page.locator(`[data-recent="${orderNo}"]`).click();

  it(
    'show what the duty list dispatched, and each other’s steps, without a reload',
    async () => {
      const unit = await open('unit-dc-cityworks');
      await unit.part('inbox').getByText('没有待签收的工单').waitFor();

      const orderNo = await takeCall('每天早上有人占道摆摊，行人只能走机动车道。', '13800000001', {
        item: '占道经营',
        area: '东城第一社区',
      });
      await look(orderNo);
      await agent.trailSays('分拨');
      await unit.row(orderNo).click();
      // [LI3] The street's own standard for such stalls.
      await unit.part('standard').getByText('2 个自然日内').waitFor();
      await unit.part('standard').getByText('现场处置前后照片').waitFor();
      await unit.press('act-acknowledge');
      await agent.trailSays('签收');

      await unit.press('act-recordContact');
      await unit.fill('contact-summary', '已电话联系，约定明早现场查看。');
      await unit.press('contact-send');
      await agent.trailSays('已联系诉求人');
      await agent.part('work-state').filter({ hasText: '办理中' }).waitFor();

      await unit.press('act-addProgress');
      await unit.fill('addProgress-text', '已劝离摊贩，安排早间巡查。');
      await unit.press('addProgress-send');
      await agent.part('trail').getByText('已劝离摊贩，安排早间巡查。').waitFor();
    },
    2 * MINUTES,
  );

  it(
    'show the caller’s earlier orders while the call is still being written down',
    async () => {
      const earlier = await takeCall('楼下路灯不亮一周。', '13800000002', { area: '西城第一社区' });
      await agent.page.keyboard.press('F2');
      await agent.fill('phone', '13800000002');
      await agent.part('caller-orders').locator(`[data-order="${earlier}"]`).waitFor();
      await agent.pick('area', '西城第一社区');
      await agent.part('neighbour-orders').waitFor();
      await agent.part('new-call').getByText('放弃').click();
    },
    2 * MINUTES,
  );

  it(
    'offer by-hand dispatch to one seat, which takes it before its time is up; an objection goes to the arbiter',
    async () => {
      const dispatcher = await open('dispatcher01');
      const water = await open('unit-water-affairs', { width: 390, height: 844 });
      const deputy = await open('deputy-water-affairs');
      const transport = await open('unit-transport');
      await dispatcher.ready();

      // Earlier calls of this suite may wait in the queue too: what is offered is worked until ours is.
      const orderNo = await takeCall('河边护栏断了一截。', '13800000003', { area: '北湖第一社区' });
      for (let taken = ''; taken !== orderNo;) {
        const left = Number(await dispatcher.part('offer-countdown').textContent());
        expect(left).toBeGreaterThan(0);
        taken = await dispatcher.takeOffer();
        await dispatcher.part('offer').waitFor({ state: 'detached' });
        await dispatcher.pick('lead-unit', '水务局');
        await dispatcher.press('dispatch-send');
        await dispatcher.page.locator(`[data-claimed="${taken}"]`).waitFor({ state: 'detached' });
      }

      await water.row(orderNo).click();
      await water.press('act-object');
      await water.part('objection-reason').click();
      await water.page.locator('.el-select-dropdown__item:visible', { hasText: '职责清单' }).click();
      await water.pick('proposed-unit', '交通运输局');
      await water.fill('objection-basis', '该护栏属于道路附属设施，由交通运输部门养护。');
      await water.press('objection-send');

      await deputy.press('tab-objection');
      await deputy.row(orderNo).click();
      await deputy.part('unit-objection').getByText('等分管领导确认').waitFor();
      await deputy.press('act-confirmObjection');

      const arbiter = await open('arbiter01');
      await arbiter.ready();
      expect(await arbiter.takeOffer()).toBe(orderNo);
      await arbiter.part('objection').getByText('道路附属设施').waitFor();
      await arbiter.choose('ruling', '支持异议，改派');
      await arbiter.part('next-unit').getByText('交通运输局').waitFor();
      await arbiter.fill('ruling-reason', '养护职责明确。');
      await arbiter.press('rule-send');

      await water.row(orderNo).waitFor({ state: 'detached' });
      expect(await dispatcher.takeOffer()).toBe(orderNo);
      await dispatcher.part('suggestion').getByText('交通运输局').first().waitFor();
      await dispatcher.press('dispatch-send');
      await transport.row(orderNo).waitFor();
    },
    3 * MINUTES,
  );

  it(
    'say 离线 while the hub is gone and 实时 when it is back, with everything in its place, also what is being typed',
    async () => {
      const unit = await open('unit-cityworks');
      await agent.ready();
      await agent.page.keyboard.press('F2');
      await agent.fill('text', '想问老年卡怎么办理。');
      await agent.press('register-only');
      await agent.press('answer');
      await agent.fill('answer-text', '带身份证到就近的服务窗口办理。');
      await hub.kill();
      await Promise.all([agent.shows('离线'), unit.shows('离线')]);
      await agent.part('cut').waitFor();
      expect(await agent.part('presence-ready').isDisabled()).toBe(true);

      await hub.start();
      await Promise.all([agent.shows('实时'), unit.shows('实时')]);
      await agent.part('cut').waitFor({ state: 'detached' });
      expect(await agent.part('answer-text').inputValue()).toBe('带身份证到就近的服务窗口办理。');
      const orderNo = await takeCall('公园门口违规户外广告遮挡视线。', '13800000004', {
        item: '违规户外广告',
        area: '西城第二社区',
      });
      await unit.row(orderNo).waitFor();
    },
    3 * MINUTES,
  );
});
