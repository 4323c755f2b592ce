import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../config/clock.js';
import { ConfigurationFault } from '../config/configuration-fault.js';
import { Settings } from '../config/settings.js';
import { DEFAULT_DEMO_PASSWORD } from '../config/variables.js';
import { ReadModel, type Tx, UnitOfWork } from '../storage/unit-of-work.js';
import { AccountStore } from './account-store.js';
import { SYSTEM } from './actor.js';
import { cityAccounts } from './demo-accounts.js';
import { HubSettings } from './hub-settings.js';
import { Passwords } from './passwords.js';

const PASSWORD_FILE = 'first-admin-password.txt';

/** Gives an empty database its first accounts, and keeps a production hub from serving with the demo password. */
@Injectable()
export class FirstBoot implements OnModuleInit {
  private readonly log = new Logger('FirstBoot');

  constructor(
    private readonly settings: Settings,
    private readonly unitOfWork: UnitOfWork,
    private readonly readModel: ReadModel,
    private readonly hubSettings: HubSettings,
    private readonly accounts: AccountStore,
    private readonly passwords: Passwords,
    private readonly clock: Clock,
  ) {}

  /** @throws {ConfigurationFault} */
  async onModuleInit(): Promise<void> {
    if (this.settings.production) await this.refuseDemoPassword();
    const demo = await this.readModel.run((tx) => this.hubSettings.get(tx, 'demo'));
    if (demo === undefined) await this.fill();
    else if (demo === '1' && !this.settings.production) await this.keepDemoPassword();
  }

  /**
   * Only hashes that accounts share, or that demo accounts have, are tried: anybody else's password was checked
   * when it was set, and a thousand runs of scrypt would keep the hub down for minutes. [ID7]
   */
  private async refuseDemoPassword(): Promise<void> {
    const shared = await this.readModel.run((tx) =>
      tx.all<{ password_hash: string }>(
        `SELECT password_hash FROM user_account WHERE active = 1
         GROUP BY password_hash HAVING COUNT(*) > 1 OR MAX(demo) = 1`,
      ),
    );
    const known = [...new Set([this.settings.demo.password, DEFAULT_DEMO_PASSWORD])];
    for (const { password_hash } of shared) {
      for (const password of known) {
        if (!(await this.passwords.verify(password, password_hash))) continue;
        throw new ConfigurationFault([
          '数据库中还有使用演示密码的有效账号，正式环境不能启动。请换用新的数据目录（HUB_DATA_DIR），或先停用这些账号、修改其密码',
        ]);
      }
    }
  }

  /** Of nodes that start together one does it. */
  private async fill(): Promise<void> {
    if (this.settings.demo.enabled) return this.fillWithDemo();
    const password = this.firstAdminPassword();
    const hash = await this.passwords.hash(password);
    const filled = await this.unitOfWork.run(async (tx) => {
      if (!(await this.hubSettings.claim(tx, 'demo', '0'))) return false;
      await this.accounts.admit(
        tx,
        { actorId: SYSTEM.userId, commandId: randomUUID(), causationId: null, recordedAt: this.clock.now() },
        {
          userId: 'admin',
          name: '管理员',
          roles: ['policy_admin', 'list_admin'],
          unitId: null,
          seatId: null,
          active: true,
          demo: false,
        },
        hash,
      );
      return true;
    });
    if (!filled) await this.forgetUnlessItCounts(password);
  }

  /** What another node made counts, and lies where that one has written it: in the same file where they share a folder. */
  private async forgetUnlessItCounts(password: string): Promise<void> {
    const [hash] = (await this.readModel.run((tx) => this.accounts.passwordHashes(tx, ['admin']))).values();
    if (!hash || !(await this.passwords.verify(password, hash))) rmSync(this.passwordFile, { force: true });
  }

  private async fillWithDemo(): Promise<void> {
    const hash = await this.passwords.hash(this.settings.demo.password);
    await this.unitOfWork.run(async (tx) => {
      if (!(await this.hubSettings.claim(tx, 'demo', '1'))) return;
      await this.hubSettings.set(tx, 'demo.passwordHash', hash);
      await this.accounts.addDemo(tx, cityAccounts(), hash);
    });
  }

  /** A new HUB_DEMO_PASSWORD replaces the shared hash; who has a password of their own keeps it. */
  private async keepDemoPassword(): Promise<void> {
    const old = await this.readModel.run((tx) => this.hubSettings.get(tx, 'demo.passwordHash'));
    if (old !== undefined && (await this.passwords.verify(this.settings.demo.password, old))) return;
    const hash = await this.passwords.hash(this.settings.demo.password);
    await this.unitOfWork.run((tx) => this.replaceDemoHash(tx, old, hash));
  }

  private async replaceDemoHash(tx: Tx, old: string | undefined, hash: string): Promise<void> {
    await this.hubSettings.set(tx, 'demo.passwordHash', hash);
    if (old === undefined) return;
    await tx.run(
      'UPDATE user_account SET password_hash = ?, password_version = password_version + 1 WHERE demo = 1 AND password_hash = ?',
      [hash, old],
    );
  }

  private firstAdminPassword(): string {
    const given = this.settings.firstAdminPassword;
    const weak = given === undefined ? undefined : this.passwords.weaknessOf(given, 'admin');
    if (weak) throw new ConfigurationFault([`HUB_FIRST_ADMIN_PASSWORD：${weak.message}`]);
    return given ?? this.generatedPassword();
  }

  private get passwordFile(): string {
    return join(this.settings.dataDir, PASSWORD_FILE);
  }

  /**
   * Kept in a file that only the hub's user can read, never in the log. A boot that broke off made it already, or a node
   * that starts at this moment and has the same folder: the file appears whole, and once.
   */
  private generatedPassword(): string {
    const file = this.passwordFile;
    if (existsSync(file)) return readFileSync(file, 'utf8').trim();
    mkdirSync(this.settings.dataDir, { recursive: true, mode: 0o700 });
    const draft = `${file}.${randomUUID()}`;
    writeFileSync(draft, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600, flag: 'wx' });
    try {
      linkSync(draft, file);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(draft);
    }
    this.log.warn(`管理员 admin 的初始密码已写入数据目录的 ${PASSWORD_FILE}，请登录后修改并删除该文件`);
    return readFileSync(file, 'utf8').trim();
  }
}
