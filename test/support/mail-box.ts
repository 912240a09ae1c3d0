import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';

import { SMTPServer } from 'smtp-server';

import { alertsSection, toAlertRules } from '../../config/alerts-section.ts';
import type { Site } from '../../config/site.ts';
import { RULES } from '../domain/cases/case-world.ts';

export interface Mail {
  readonly to: string;
  /** Head and body as they came. */
  readonly raw: string;
}

export interface MailBox {
  readonly port: number;
  /** In the order in which they came. */
  readonly mails: readonly Mail[];
  /** The server is dead from now on: nothing answers at its port. */
  dies(): Promise<void>;
  /** It answers again, at the same port. */
  returns(): Promise<void>;
}

export interface MailBoxOptions {
  /** The SMTP code with which mail to somebody is not taken; null = it is taken. */
  readonly refuses?: (to: string) => 450 | 550 | null;
  /** So long after it has a whole mail it says so. */
  readonly answersAfterMs?: () => number;
}

/** A real mail server on this machine, without encryption and sign-in. */
export async function openMailBox({
  refuses = () => null,
  answersAfterMs = () => 0,
}: MailBoxOptions = {}): Promise<MailBox> {
  const mails: Mail[] = [];
  let [server, port] = await listen(0);
  return {
    port,
    mails,
    dies: () => new Promise<void>((resolve) => server.close(() => resolve())),
    returns: async () => void ([server, port] = await listen(port)),
  };

  async function listen(at: number): Promise<[SMTPServer, number]> {
    const opened = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      onRcptTo: ({ address }, _, done) => {
        const responseCode = refuses(address);
        const says = responseCode === 450 ? 'come back later' : 'no such user here';
        done(responseCode === null ? null : Object.assign(new Error(says), { responseCode }));
      },
      onData: (stream, { envelope }, done) => {
        const to = envelope.rcptTo.map(({ address }) => address).join();
        void text(stream)
          .then((raw) => mails.push({ to, raw }))
          .then(() => pause(answersAfterMs(), undefined, { ref: false }))
          .finally(done);
      },
    });
    const listening = opened.listen(at, '127.0.0.1');
    await once(listening, 'listening');
    const address = listening.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    return [opened, address.port];
  }
}

/** A site that sends its alerts and reports there, to the owners who have an address. */
export function withMail({ port }: Pick<MailBox, 'port'>): Pick<Site, 'alerts' | 'owners'> {
  const mail = { kind: 'email', host: '127.0.0.1', port, security: 'none', from: 'instep@shop.example' };
  const of = (name: string, email: string | null) => ({ name, email });
  return {
    alerts: toAlertRules(
      alertsSection.parse({ channels: { mail: { ...mail, timeoutSeconds: 0.5 } } }),
      {},
      RULES.calendars,
    ),
    owners: {
      ecommerce: of('E-commerce', null),
      finance: of('Finance', 'finance@example.com'),
      warehouse: of('Warehouse', 'warehouse@example.com'),
      integration: of('Integration', null),
    },
  };
}
