import type { AddressInfo } from 'node:net';
import { Controller, Get, type INestApplication, UseGuards } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import type { Session } from '@minqing-hub/client-sdk/protocol';
import { type IdentityKit, openIdentityKit, PASSWORD } from '../../test/support/identity-kit.js';
import { ProblemFilter } from '../commands/problem.filter.js';
import { RateLimits } from '../commands/rate-limits.js';
import type { Actor } from './actor.js';
import { AuthController } from './auth.controller.js';
import { Authentication } from './authentication.js';
import { AuthGuard, CurrentActor } from './http-auth.js';
import { Login } from './login.js';

@UseGuards(AuthGuard)
@Controller('api/who')
class WhoController {
  @Get()
  who(@CurrentActor() actor: Actor): Actor {
    return actor;
  }
}

describe('login over HTTP', () => {
  let kit: IdentityKit;
  let app: INestApplication;
  let url: string;
  beforeEach(async () => {
    kit = await openIdentityKit({ policy: { 'login.failuresPerPair': 3 } });
    await kit.addUser('clerk', { roles: ['unit_clerk'], unitId: 'U1' });
    const module = await Test.createTestingModule({
      controllers: [AuthController, WhoController],
      providers: [
        AuthGuard,
        { provide: Authentication, useValue: kit.authentication },
        { provide: Login, useValue: kit.logins },
        { provide: RateLimits, useValue: new RateLimits(kit.policy) },
      ],
    }).compile();
    app = module.createNestApplication({ logger: false });
    app.useGlobalFilters(new ProblemFilter());
    await app.listen(0, '127.0.0.1');
    url = `http://127.0.0.1:${(app.getHttpServer().address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    await app.close();
    await kit.close();
  });

  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/auth/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  const login = (password: string = PASSWORD, username = 'clerk') => post('login', { username, password });
  const sessionOf = async (answer: Promise<Response>) => (await (await answer).json()) as Session;
  const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
  const who = (headers: Record<string, string>) => fetch(`${url}/api/who`, { headers });

  it('answers a session, and a renewed one for its token', async () => {
    const answer = await login();
    expect(answer.status).toBe(200);
    const session = (await answer.json()) as Session;
    expect(session).toEqual({
      token: expect.any(String),
      expiresAt: expect.any(Number),
      actor: { userId: 'clerk', name: 'clerk', roles: ['unit_clerk'], unitId: 'U1' },
    });
    kit.clock.advance(60_000);
    const renewed = await sessionOf(post('refresh', {}, bearer(session.token)));
    expect(renewed.expiresAt).toBe(session.expiresAt + 60_000);
  });

  it('[ID1] answers 401 without saying what was wrong, and never repeats what was sent', async () => {
    const bodies = [];
    for (const answer of [await login('hush-hush'), await login('hush-hush', 'no-such-name')]) {
      expect(answer.status).toBe(401);
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
      bodies.push(await answer.text());
    }
    expect(bodies[0]).toBe(bodies[1]);
    expect(JSON.parse(bodies[0]!)).toMatchObject({ code: 'credentials_wrong', status: 401 });
    expect(bodies.join()).not.toMatch(/hush|no-such-name|clerk/);
  });

  it('[ID2] answers 429 and says when to come back', async () => {
    for (let n = 0; n < 3; n++) await login('wrong');
    const answer = await login();
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('900');
    expect(await answer.json()).toMatchObject({ code: 'too_many_attempts', clause: 'ID2' });
  });

  it.each([
    ['nothing', undefined, 'payload_invalid', 422],
    ['a list', [], 'payload_malformed', 400],
    ['no password', { username: 'clerk' }, 'payload_invalid', 422],
    ['a number for a name', { username: 7, password: 'x' }, 'payload_invalid', 422],
    ['an endless password', { username: 'clerk', password: 'x'.repeat(129) }, 'payload_invalid', 422],
    ['another field', { username: 'clerk', password: 'x', admin: true }, 'payload_invalid', 422],
    ['broken text', { username: 'clerk\ud800', password: 'x' }, 'payload_malformed', 400],
  ])('refuses %s by its form', async (_what, body, code, status) => {
    const answer = await post('login', body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ code });
  });

  it('changes a password for who is logged in', async () => {
    const { token } = await sessionOf(login());
    const body = { oldPassword: PASSWORD, newPassword: 'another battery 7' };
    expect((await post('password', body)).status).toBe(401);
    const changed = await sessionOf(post('password', body, bearer(token)));
    expect((await who(bearer(token))).status).toBe(401);
    expect((await who(bearer(changed.token))).status).toBe(200);
  });

  it('[ID3] lets in by token with the rights of now, by key of a source system, and nobody else', async () => {
    const { token } = await sessionOf(login());
    await kit.unitOfWork.run((tx) => tx.run(`UPDATE user_account SET roles = '["handler"]' WHERE user_id = 'clerk'`));
    expect(await (await who(bearer(token))).json()).toMatchObject({ userId: 'clerk', roles: ['handler'] });

    const admin = await kit.addUser('admin', { roles: ['policy_admin'] });
    const made = await kit.issue(admin, 'createApiKey', { source: 'hotline', label: '热线' });
    const { apiKey } = (made as unknown as { result: { apiKey: string } }).result;
    expect(await (await who({ 'x-api-key': apiKey })).json()).toMatchObject({ source: 'hotline' });

    const strangers: Record<string, string>[] = [
      {},
      { 'x-api-key': 'mqk_x' },
      bearer('nonsense'),
      { authorization: `Basic ${token}` },
    ];
    for (const headers of strangers) {
      const answer = await who(headers);
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 'unauthenticated' });
    }
    const both = await who({ ...bearer('nonsense'), 'x-api-key': apiKey });
    expect(both.status).toBe(401);
  });

  it('renews no session for a key', async () => {
    expect((await post('refresh', {}, { 'x-api-key': 'k' })).status).toBe(401);
  });
});
