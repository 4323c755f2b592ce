import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { TelephoneSwitch } from '../../simulation/telephone-switch.js';
import { act, newId, newRequest, openConsole } from '../support/consoles.js';
import { HubProcess } from '../support/hub-process.js';
import { tunedCity } from '../support/tuned-city.js';
import { until } from '../support/until.js';
import { ConsoleWindow, openBrowser, OwnBrowser } from './console-window.js';

const MINUTES = 60_000;

/** The floor as its people see it, in a real browser: seats that go, are taken over and are rung up. */
describe('the consoles of the floor', () => {
  /** The switch of the city, connected by its administrator. */
  async function connectSwitch(name: string): Promise<TelephoneSwitch> {
    const admin = await openConsole(hub.url, 'admin');
    const { apiKey } = await act(admin, 'createApiKey', { source: name, label: '话务平台' });
    admin.close();
    return new TelephoneSwitch({ url: hub.url, apiKey, now: () => Date.now(), name });
  }

  let city: string;
  let hub: HubProcess;
  let browser: Browser;
  const windows: ConsoleWindow[] = [];
  let own: OwnBrowser | undefined;

  const open = async (username: string, from = browser) => {
    const window = await ConsoleWindow.open(from, hub.url, username);
    windows.push(window);
    return window;
  };
  /** Requests that came in by themselves: they wait for whoever is ready. */
  async function comeIn(count: number): Promise<string[]> {
    const intake = await openConsole(hub.url, 'agent050');
    const orders: string[] = [];
    for (let n = 0; n < count; n += 1) {
      const request = { ...newRequest(n), source: 'app', sourceId: newId() };
      orders.push((await act(intake, 'register', request)).orderNo);
    }
    intake.close();
    return orders.sort();
  }

  beforeAll(async () => {
    // Room for an offer beside a piece of work; a seat is waited for only briefly; people are called back at any hour [CB4].
    city = await tunedCity({
      'seat.capacity': 2,
      'seat.graceSeconds': 3,
      'offer.seconds': 60,
      'callback.fromHour': 0,
      'callback.toHour': 24,
    });
    hub = await HubProcess.create({ HUB_CONFIG_DIR: city });
    await hub.start();
    browser = await openBrowser();
  }, 2 * MINUTES);

  afterAll(async () => {
    await own?.kill();
    await browser?.close();
    await hub?.remove();
    await rm(city, { recursive: true, force: true });
  });

  afterEach(async () => {
    for (const window of windows)
      expect({ faults: window.faults, loads: window.loads }).toEqual({ faults: [], loads: 1 });
    for (const window of windows.splice(0)) await window.close();
  });

  it(
    '[QS8] [QS2] show the leader a seat that goes with work in hand, and the other agent that work, from the head',
    async () => {
      const [leader, second] = [await open('leader01'), await open('agent002')];
      own = await OwnBrowser.open();
      const first = await ConsoleWindow.open(own.browser, hub.url, 'agent001');
      const seat = await first.seat();
      const other = await second.seat();
      const number = (measure: string) => leader.page.locator(`[data-queue=register] [data-measure=${measure}]`);
      const counts = (measure: string, count: number) =>
        number(measure)
          .filter({ hasText: new RegExp(`^\\s*${count}\\s*$`) })
          .waitFor();

      await first.ready();
      const orders = await comeIn(2);
      // Pressed once more it does nothing, and would keep the keyboard: Enter is for what is offered all the same.
      await first.press('presence-ready');
      await first.takeOffer();
      await first.part('offer').first().waitFor();
      await second.ready();
      await counts('claimed', 1);
      await counts('offered', 1);
      await leader.page.locator(`[data-testid=floor] [data-seat="${seat}"]`).click();
      const drawer = leader.part('seat-drawer');
      await drawer.and(leader.page.locator('[data-presence=ready]')).waitFor();
      expect(await leader.part('seat-items').locator('[data-item]').count()).toBe(2);

      await own.kill();
      await drawer.and(leader.page.locator('[data-presence=offline]')).waitFor();
      await leader.page.locator(`[data-testid=floor] [data-seat="${seat}"][data-presence=offline]`).waitFor();
      await leader.part('seat-items').getByText('没有').waitFor();
      await leader.part('seat-timeline').getByText('坐席断线').first().waitFor();

      const taken: string[] = [];
      for (const left of [1, 0]) {
        await second.part('offer').getByText('退回').nth(left).waitFor();
        taken.push(await second.takeOffer());
        await counts('offered', left);
      }
      expect(taken.sort()).toEqual(orders);

      await counts('claimed', 2);
      await number('claimed').click();
      const behind = leader.part('floor-items').locator('[data-item]');
      await behind.nth(1).waitFor();
      expect(await behind.filter({ hasText: `${other} 处理中` }).count()).toBe(2);

      // A leader takes one back: the agent is told, and the order opens behind the number.
      await behind.first().getByTestId('take-back').click();
      await counts('claimed', 1);
      await behind.first().getByRole('button').first().click();
      await leader.part('order-reading').waitFor();
    },
    3 * MINUTES,
  );

  it(
    '[SH5] warn before a seat is taken over, and tell who sat there',
    async () => {
      const [sitting, coming] = [await open('agent011'), await open('agent012')];
      await sitting.ready();
      const [seat, free] = [await sitting.seat(), await coming.seat()];

      await coming.press('seat-menu');
      await coming.fill('sign-on-seat', seat);
      await coming.press('sign-on-send');
      await coming.part('take-over').getByText(seat).waitFor();
      expect(await sitting.part('seat-lost').count()).toBe(0);
      await coming.press('take-over-send');
      await coming.part('shift-dialog').waitFor({ state: 'detached' });
      await coming.page.locator(`[data-testid=seat-menu][data-seat="${seat}"]`).waitFor();
      await coming.ready();

      await sitting.part('seat-lost').getByText(seat).waitFor();
      await sitting.press('seat-menu');
      await sitting.fill('sign-on-seat', free);
      await sitting.press('sign-on-send');
      await sitting.page.locator(`[data-testid=seat-menu][data-seat="${free}"]`).waitFor();
      await sitting.ready();
      await coming.isPresent('ready');
    },
    2 * MINUTES,
  );

  it(
    'show a leader’s message at the seat, once, until it is read',
    async () => {
      const [leader, agent] = [await open('leader01'), await open('agent021')];
      await agent.ready();
      const seat = await agent.seat();
      await leader.page.locator(`[data-testid=floor] [data-seat="${seat}"]`).click();
      await leader.press('seat-message-open');
      await leader.fill('seat-message-text', '先接排队的电话。');
      await leader.press('seat-message-send');
      await agent.part('seat-message').getByText('先接排队的电话。').waitFor();
      await agent.press('message-read');
      await agent.part('seat-message').waitFor({ state: 'detached' });
    },
    2 * MINUTES,
  );

  it(
    '[CT4] [CT5] [PS3] open the register form when a call rings, with the caller’s orders, and count the wrap-up down after it',
    async () => {
      const pbx = await connectSwitch('pbx');
      const earlier = await openConsole(hub.url, 'agent050');
      const caller = '13900008888';
      const { orderNo } = await act(earlier, 'register', {
        ...newRequest(),
        requester: { name: '来电人', phone: caller },
      });
      earlier.close();

      const agent = await open('agent031');
      await agent.ready();
      const call = await pbx.ring({ seatId: await agent.seat(), caller, line: '12345' });

      await agent.part('call').and(agent.page.locator('[data-state=offered]')).waitFor();
      await agent.part('number').getByText('139****8888').waitFor();
      await agent.part('caller-orders').locator(`[data-order="${orderNo}"]`).waitFor();
      await call.answered();
      await agent.isPresent('busy');
      await agent.part('call').getByText('通话中').waitFor();
      await agent.fill('text', '路灯又不亮了。');
      await agent.choose('kind', '求决');
      await agent.page.getByTestId('no-place').click();

      await call.hungUp();
      await agent.isPresent('wrap_up');
      await agent.part('presence-until').getByText('剩').waitFor();
      await agent.part('call').getByText('已挂断').waitFor();
      expect(await agent.part('text').inputValue()).toBe('路灯又不亮了。');
      await agent.press('register-accept-send');
      await agent.part('new-call').waitFor({ state: 'detached' });
      await agent.page.locator('[data-recent]').first().click();
      await agent.part('requester-facts').getByText('139****8888').waitFor();
      await agent.ready();
    },
    2 * MINUTES,
  );

  it(
    '[CB1] [CB5] lead from a call that nobody answered to the number, for a purpose, and to its outcome',
    async () => {
      const pbx = await connectSwitch('pbx-2');
      const missed = await pbx.ring({ caller: '13900007777' });
      await missed.abandoned();

      // To who calls back and does nothing else: work that earlier tests left may fill the room of others.
      const admin = await openConsole(hub.url, 'admin');
      await act(admin, 'changeRights', { userId: 'agent041', roles: ['follow_up_agent'] });
      admin.close();
      const agent = await open('agent041');
      await agent.ready();
      const offer = agent.part('offer').filter({ hasText: '来电未接，待回拨' });
      await offer.getByTestId('take').click();
      const work = agent.part('callback-work');
      await work.getByText('139****7777').waitFor();
      await agent.press('view-number');
      await agent.fill('view-purpose', '回拨未接通的来电');
      await agent.press('purpose-send');
      await work.getByText('13900007777').waitFor();
      await agent.choose('callback-outcome', '已联系上');
      await agent.fill('callback-note', '已答复，无须登记。');
      await agent.press('callback-outcome-send');
      await work.waitFor({ state: 'detached' });
      await agent.part('mine').locator('[data-claimed]').waitFor({ state: 'detached' });
    },
    2 * MINUTES,
  );

  it(
    '[KB5] answer out of the knowledge base: found, read and cited beside the form',
    async () => {
      const agent = await open('agent051');
      await agent.press('presence-busy');
      await agent.isPresent('busy');
      await agent.page.keyboard.press('F2');
      await agent.fill('phone', '13900006666');
      await agent.fill('text', '想问 12345 热线怎么受理诉求。');
      await agent.choose('kind', '咨询');
      await agent.fill('knowledge-q', '热线 受理');
      await agent.press('knowledge-search');
      await agent.part('knowledge').locator('[data-article]').first().click();
      await agent.part('article-text').getByText('登记为工单').waitFor();
      await agent.part('cite').first().click();

      await agent.press('register-only');
      await agent.press('answer');
      expect(await agent.part('knowledge-ref').inputValue()).toMatch(/^\S+@1$/);
      await agent.fill('answer-text', '拨打 12345 即可登记，凭查询码询问进展。');
      await agent.press('answer-send');
      await agent.page.locator('[data-recent]').first().click();
      await agent.trailSays('直接答复');
      await agent.part('request').getByText('答复依据').waitFor();
    },
    2 * MINUTES,
  );

  it(
    'show on the wall what the leader sees, in a window of its own',
    async () => {
      const leader = await open('leader02');
      const number = leader.page.locator('[data-queue=register] [data-measure=waiting]');
      const [wall] = await Promise.all([leader.page.context().waitForEvent('page'), leader.press('wall-link')]);
      await wall.locator('[data-testid=wall][data-connection=live]').waitFor();
      const faults: string[] = [];
      wall.on('pageerror', (error) => faults.push(error.message));
      await comeIn(3);
      const shown = wall.locator('[data-queue=register] [data-testid=wall-waiting]');
      // Seats of earlier tests may still be given work, and give it back when they are gone.
      await until('the same number on both', async () => {
        const counts = (await Promise.all([number, shown].map((one) => one.textContent()))).map(Number);
        return counts[0] === counts[1] && counts[0]! >= 3;
      });
      expect(faults).toEqual([]);
      await wall.close();
    },
    2 * MINUTES,
  );
});
