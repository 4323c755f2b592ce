import type { ClockView, OrderDetail } from '@minqing-hub/client-sdk/protocol';
import type { Browser } from 'playwright-core';
import { Caller } from '../support/caller.js';
import { HubProcess } from '../support/hub-process.js';
import { until } from '../support/until.js';
import { ConsoleWindow, openBrowser } from './console-window.js';

const MINUTES = 60_000;
const HOUR = 3_600_000;
const UNIT = 'dc-cityworks';

/** Agent, desk, unit and its leader look at the same order while its first contact runs out, in a real browser. */
describe('the clocks of an order at the consoles', () => {
  let hub: HubProcess;
  let browser: Browser;
  let admin: Caller;
  let agent: Caller;
  let clerk: Caller;
  /** What the hub's time is ahead of the machine's. */
  let ahead: number;
  const windows = new Map<string, ConsoleWindow>();

  beforeAll(async () => {
    hub = await HubProcess.create({ HUB_CLOCK: 'virtual' });
    await hub.start();
    browser = await openBrowser();
    [admin, agent, clerk] = (await Promise.all(
      ['admin', 'agent001', `unit-${UNIT}`].map((username) => Caller.login(hub.url, username)),
    )) as [Caller, Caller, Caller];
    await advance(1);
  }, 2 * MINUTES);

  afterAll(async () => {
    await browser?.close();
    await hub?.remove();
  });

  const machineNow = () => performance.timeOrigin + performance.now();
  const hubNow = () => machineNow() + ahead;
  async function advance(seconds: number): Promise<void> {
    const { now } = await admin.act('advanceTime', { seconds });
    ahead = now - machineNow();
  }
  const advanceTo = (at: number) => advance(Math.ceil((at - hubNow()) / 1000));

  const register = () =>
    agent.act('register', {
      channel: 'phone',
      title: '占道经营',
      text: '路口有人占道摆摊。',
      requester: { phone: '13800000009' },
    });
  async function newOrder(grade: 'normal' | 'urgent'): Promise<string> {
    const { orderNo, version } = await register();
    const where = { catalogCode: '010101', areaCode: 'SF-DC-1' };
    await agent.act('accept', { orderNo, expectedVersion: version, kind: 'resolution', grade, ...where });
    await until(`${orderNo} to be with its unit`, async () => (await detail(orderNo)).state === 'pending_ack');
    return orderNo;
  }
  const detail = async (orderNo: string, reader = clerk) =>
    (await reader.get<OrderDetail>(`/api/orders/${orderNo}`)).body;
  async function clockOf(orderNo: string, name: ClockView['clock'], reader = clerk): Promise<ClockView> {
    const clock = (await detail(orderNo, reader)).clocks.find((one) => one.clock === name);
    if (!clock) throw new Error(`${orderNo} has no ${name}`);
    return clock;
  }

  /** Somebody at a console; their computers' clocks are wrong, each in its own way. */
  async function open(username: string, wrongBy: number): Promise<ConsoleWindow> {
    const window = await ConsoleWindow.open(browser, hub.url, username, undefined, wrongBy);
    windows.set(username, window);
    return window;
  }
  const each = <T>(of: (window: ConsoleWindow, username: string) => Promise<T>): Promise<T[]> =>
    Promise.all([...windows].map(([username, window]) => of(window, username)));

  const CONTACT = '[data-testid=clocks] [data-clock=CONTACT_UNIT]';
  const light = (window: ConsoleWindow) => window.page.locator(CONTACT).getAttribute('data-light');

  /** Until what each console shows of the clock is right to the second, by the machine's own monotonic clock. */
  const agree = (dueAt: number) =>
    each((window, username) =>
      until(`${username} to show what is left`, async () => {
        const { text, at } = await window.page.locator(CONTACT).evaluate((chip) => ({
          text: chip.querySelector('[role=timer]')?.textContent ?? '',
          at: performance.timeOrigin + performance.now(),
        }));
        return Math.abs(shownLeft(text) - (dueAt - (at + ahead))) <= 1_100;
      }),
    );

  /** Notes in each page, by the machine's clock, when the clock that it shows turns. */
  const watchTurns = () =>
    each((window) =>
      window.page.evaluate(`
        window.turned = {};
        new MutationObserver(() => {
          const now = document.querySelector('${CONTACT}')?.getAttribute('data-light');
          window.turned[now] ??= performance.timeOrigin + performance.now();
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      `),
    );
  async function turnTogether(to: 'amber' | 'overdue', notBefore: number): Promise<void> {
    await each((window) => window.page.locator(`${CONTACT}[data-light=${to}]`).waitFor());
    const turned = await each((window) => window.page.evaluate<number>(`window.turned.${to}`));
    // Told in one transaction and one frame; drawn when each page gets to it, on a machine that four of them share.
    expect(Math.max(...turned) - Math.min(...turned)).toBeLessThan(2_000);
    expect(Math.min(...turned) + ahead).toBeGreaterThan(notBefore - 100);
  }

  it(
    '[CK10] [CK13] turn amber and overdue at the same moment everywhere, and agree to the second whatever a computer thinks the time is',
    async () => {
      const orderNo = await newOrder('normal');
      await clerk.act('acknowledge', { orderNo, expectedVersion: (await detail(orderNo)).version });
      for (const [username, wrongBy] of [
        ['agent001', HOUR],
        ['dispatcher01', -HOUR],
      ] as const) {
        const window = await open(username, wrongBy);
        await window.fill('seek', orderNo);
        await window.page.keyboard.press('Enter');
      }
      for (const [username, tab] of [
        [`unit-${UNIT}`, 'tab-handling'],
        [`deputy-${UNIT}`, 'tab-clocks'],
      ] as const) {
        const window = await open(username, HOUR);
        await window.press(tab);
        await window.row(orderNo).click();
      }
      await each((window) => window.page.locator(CONTACT).waitFor());
      await watchTurns();

      const { amberAt, dueAt } = await clockOf(orderNo, 'CONTACT_UNIT');
      await advanceTo(amberAt! - 60_000);
      await agree(dueAt);
      expect(await each(light)).toEqual(['ok', 'ok', 'ok', 'ok']);

      await advanceTo(amberAt!);
      await turnTogether('amber', amberAt!);
      const deputy = windows.get(`deputy-${UNIT}`)!;
      const unit = windows.get(`unit-${UNIT}`)!;
      await unit.page.locator('[data-testid=clocks-amber][data-count="1"]').waitFor();
      await deputy.page.locator('[data-testid=board-CONTACT_UNIT-amber][data-count="1"]').waitFor();

      await advanceTo(dueAt);
      await turnTogether('overdue', dueAt);
      await agree(dueAt);
      await unit.page.locator('[data-testid=clocks-overdue][data-count="1"]').waitFor();
      await deputy.page.locator('[data-testid=board-CONTACT_UNIT-overdue][data-count="1"]').waitFor();
      await windows.get('dispatcher01')!.page.locator('[data-testid=overdue-orders][data-count="1"]').waitFor();

      await deputy.press('clock-CONTACT_UNIT');
      const facts = deputy.part('clock-facts');
      for (const word of ['24 小时', '时限策略', '已超时']) await facts.getByText(word).waitFor();
    },
    2 * MINUTES,
  );

  it(
    '[CK10] [C0] turn the work that waits at an agent’s desk amber when the hub says so',
    async () => {
      // Not a fifth of the limit, nor ten minutes.
      await admin.act('changePolicy', { key: 'clock.amber.minutes', value: 50, reason: '提前提醒' });
      const { orderNo } = await register();
      const { amberAt, dueAt } = await clockOf(orderNo, 'ACCEPT', agent);
      expect(dueAt - amberAt!).toBe(50 * MINUTES);
      const waits = windows.get('agent001')!.page.locator(`.item[data-order="${orderNo}"]`);
      await advanceTo(amberAt! - 60_000);
      await waits.locator('[data-light=ok]').waitFor();
      await advanceTo(amberAt!);
      await waits.locator('[data-light=amber]').waitFor();
    },
    MINUTES,
  );

  it(
    'lists what runs out first on top, but never under somebody’s hand',
    async () => {
      const unit = windows.get(`unit-${UNIT}`)!;
      await unit.press('tab-all');
      const slow = await newOrder('normal');
      await unit.row(slow).waitFor();
      const heightOf = async (orderNo: string) => (await unit.row(orderNo).boundingBox())?.y ?? null;
      const box = (await unit.row(slow).boundingBox())!;
      let moved = 0;
      const moveHand = () => unit.page.mouse.move(box.x + 40 + (moved++ % 20), box.y + 10);
      await moveHand();

      const fast = await newOrder('urgent');
      await until(`${fast} to stand below`, async () => {
        await moveHand();
        const of = await heightOf(fast);
        return of !== null && of > box.y && (await heightOf(slow)) === box.y;
      });
      await unit.page.mouse.move(900, 700);
      await until(`${fast} to stand above`, async () => (await heightOf(fast))! < (await heightOf(slow))!);
      expect((await each(async ({ loads, faults }) => [loads, ...faults])).flat()).toEqual([1, 1, 1, 1]);
    },
    MINUTES,
  );
});

/** 剩 1天 02:03:04, 超 12:05 → ms that are left, less than none when it is over. */
function shownLeft(text: string): number {
  const [, sign, days, time] = /^(剩|超) (?:(\d+)天 )?([\d:]+)$/.exec(text.trim()) ?? [];
  if (!sign || !time) return NaN;
  const seconds = time.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return (sign === '剩' ? 1 : -1) * (Number(days ?? 0) * 86_400 + seconds) * 1000;
}
