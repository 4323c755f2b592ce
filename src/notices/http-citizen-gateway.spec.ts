import { CitizenGatewayServer } from '../../test/support/citizen-gateway-server.js';
import type { CitizenMessage } from './citizen-gateway.js';
import { HttpCitizenGateway } from './http-citizen-gateway.js';

const SECRET = 'a secret of sixteen';
const message: CitizenMessage = {
  noticeId: '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  phone: '13812345678',
  orderNo: 'GD20261121-000001',
  template: 'accepted',
  facts: { unitId: null, unitName: null, dueAt: null, until: null, reasonCode: null },
  text: '您的诉求（工单 GD20261121-000001）已受理。',
};

describe('the way to requesters over HTTP', () => {
  let outside: CitizenGatewayServer;
  let logged: string[];
  beforeEach(async () => {
    outside = await CitizenGatewayServer.start();
    logged = [];
  });
  afterEach(async () => {
    await outside.stop();
  });

  const log = { warn: (...said: unknown[]) => void logged.push(said.join(' ')) };
  const send = (timeoutMs = 5_000, signal = new AbortController().signal) =>
    new HttpCitizenGateway({ url: outside.url, secret: SECRET }, () => timeoutMs, log).send(message, signal);

  it('[NT4] hands over the whole message with the secret, under the notice’s own id', async () => {
    expect(await send()).toBe('sent');
    expect(outside.taken).toEqual([
      {
        message,
        headers: expect.objectContaining({
          authorization: `Bearer ${SECRET}`,
          'content-type': 'application/json',
          'idempotency-key': message.noticeId,
        }),
      },
    ]);
  });

  it.each([
    [200, 'sent'],
    [204, 'sent'],
    [400, 'refused'],
    [401, 'refused'],
    [404, 'refused'],
    [422, 'refused'],
    [408, 'unanswered'],
    [425, 'unanswered'],
    [429, 'unanswered'],
    [500, 'unanswered'],
    [503, 'unanswered'],
    [302, 'unanswered'],
  ])('[NT4] an answer of %i means %s, and a number goes nowhere else', async (status, outcome) => {
    outside.answer = () => status;
    expect(await send()).toBe(outcome);
    expect(outside.taken).toHaveLength(1);
  });

  it('[NT4] no answer in time, nobody there, and the end of the hub are no answer', async () => {
    outside.answer = () => null;
    expect(await send(50)).toBe('unanswered');
    const ending = new AbortController();
    const sent = send(60_000, ending.signal);
    ending.abort();
    expect(await sent).toBe('unanswered');
    await outside.stop();
    expect(await send()).toBe('unanswered');
  });

  it('[NT2] what went wrong is logged without number, words and secret', async () => {
    for (const status of [400, 500]) {
      outside.answer = () => status;
      await send();
    }
    await outside.stop();
    await send();
    expect(logged).toHaveLength(3);
    for (const line of logged) {
      expect(line).toContain(message.noticeId);
      expect(line).not.toMatch(new RegExp(`${message.phone}|诉求|${SECRET}`));
    }
  });
});
