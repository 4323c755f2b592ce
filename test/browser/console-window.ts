import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, type BrowserServer, chromium, type Locator, type Page } from 'playwright-core';
import { PASSWORD } from '../support/consoles.js';
import { until } from '../support/until.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

function installed(): string {
  const folders = (process.env.PATH ?? '').split(delimiter);
  for (const path of folders.flatMap((folder) => NAMES.map((name) => join(folder, name)))) {
    try {
      accessSync(path, constants.X_OK);
      return path;
    } catch {
      // Not this one.
    }
  }
  throw new Error(`no browser: none of ${NAMES.join(', ')} is on the PATH`);
}

export const openBrowser = (): Promise<Browser> => chromium.launch({ executablePath: installed(), args: ARGS });

/** Somebody's own computer: a browser in a process of its own, which can be killed. */
export class OwnBrowser {
  private constructor(
    readonly browser: Browser,
    private readonly server: BrowserServer,
  ) {}

  static async open(): Promise<OwnBrowser> {
    const server = await chromium.launchServer({ executablePath: installed(), args: ARGS });
    return new OwnBrowser(await chromium.connect(server.wsEndpoint()), server);
  }

  /** Without a goodbye, as when the plug is pulled. */
  kill(): Promise<void> {
    return this.server.kill();
  }
}

/** A person before a console: one browser window, logged in. Whatever goes wrong on the page is kept in `faults`. */
export class ConsoleWindow {
  /** Loads of the page: one, unless somebody reloaded it. */
  loads = 0;
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {
    page.on('load', () => (this.loads += 1));
    page.on('pageerror', (error) => this.faults.push(error.message));
  }

  static async open(
    browser: Browser,
    url: string,
    username: string,
    viewport = { width: 1440, height: 900 },
    /** By so much, ms, the clock of this computer is wrong. */
    ahead = 0,
  ): Promise<ConsoleWindow> {
    await until(`${username} to have an account`, async () => (await login(url, username)) === 200);
    const context = await browser.newContext({ viewport, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
    if (ahead !== 0) await context.addInitScript(wrongClock(ahead));
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const window = new ConsoleWindow(page);
    await page.goto(url);
    await page.locator('input[name=username]').fill(username);
    await page.locator('input[name=password]').fill(PASSWORD);
    await page.getByTestId('login-enter').click();
    await window.shows('实时');
    return window;
  }

  part(testid: string): Locator {
    return this.page.getByTestId(testid);
  }

  /** Waits for the badge. */
  async shows(badge: '实时' | '追赶中' | '离线'): Promise<void> {
    await this.part('connection').filter({ hasText: badge }).waitFor();
  }

  press(testid: string): Promise<void> {
    return this.part(testid).click();
  }

  fill(testid: string, text: string): Promise<void> {
    return this.part(testid).fill(text);
  }

  choose(testid: string, option: string): Promise<void> {
    return this.part(testid).getByText(option, { exact: true }).click();
  }

  /** Types into a picker of a tree and takes the node of that name. */
  async pick(testid: string, name: string): Promise<void> {
    await this.part(testid).getByRole('combobox').fill(name);
    await this.page.locator('.el-select-dropdown .el-tree-node__content:visible', { hasText: name }).first().click();
  }

  async pickItem(name: string): Promise<void> {
    await this.part('catalogue').locator('input').fill(name);
    await this.page.locator('.el-cascader__suggestion-item:visible', { hasText: name }).first().click();
  }

  /** The row of an order, in whichever list it stands. */
  row(orderNo: string): Locator {
    return this.page.locator(`[data-row] [data-order="${orderNo}"]`);
  }

  /** Waits until the trail names an event. */
  async trailSays(word: string): Promise<void> {
    await this.part('trail').getByText(word, { exact: true }).first().waitFor();
  }

  async ready(): Promise<void> {
    await this.press('presence-ready');
    await this.isPresent('ready');
  }

  /** The seat that the bar of the page names. */
  async seat(): Promise<string> {
    return (await this.part('seat-menu').getAttribute('data-seat')) ?? '';
  }

  /** Waits until the hub says that the own seat is in this presence. */
  async isPresent(presence: string): Promise<void> {
    await this.page.locator(`[data-testid=presence][data-presence=${presence}]`).waitFor();
  }

  /** Takes what is offered to this seat (of several the first), with the key for it; answers the order's number. */
  async takeOffer(): Promise<string> {
    const offer = this.part('offer').first();
    await offer.waitFor();
    const orderNo = (await offer.getAttribute('data-order')) ?? '';
    await this.page.keyboard.press('Enter');
    await this.page.locator(`[data-claimed="${orderNo}"]`).waitFor();
    return orderNo;
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

/** In the page: whoever asks for the time of day is told a wrong one. */
const wrongClock = (ahead: number): string => `
  const Right = Date;
  globalThis.Date = class extends Right {
    constructor(...given) {
      super(...(given.length === 0 ? [Date.now()] : given));
    }
    static now = () => Right.now() + ${ahead};
  };
`;

async function login(url: string, username: string): Promise<number> {
  const response = await fetch(`${url}/api/auth/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ username, password: PASSWORD }),
  });
  return response.status;
}
