import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

import { afterEach, expect, test } from 'vitest';

import { handOver } from '../../../activities/channels/smtp.ts';
import type { EmailChannel } from '../../../domain/alerts/alert-rules.ts';

const TO = 'finance@example.com';
const REPLIES: Readonly<Record<string, string>> = {
  EHLO: '250 here',
  MAIL: '250 ok',
  RCPT: '250 ok',
  DATA: '354 go on',
};

let server: Server;
let sockets: Socket[] = [];
/** What came after DATA, in bytes. */
let received: number;
let ended: boolean;
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  await new Promise<void>((resolve) => server.close(() => resolve()));
});

/** Speaks just enough; `afterData` says how it goes on when it has asked for the mail. */
async function mailServer(
  afterData: (socket: Socket) => void,
  replies: Readonly<Record<string, string>> = REPLIES,
): Promise<EmailChannel> {
  [received, ended] = [0, false];
  server = createServer((socket) => {
    sockets.push(socket);
    let isMail = false;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      if (isMail) {
        received += chunk.length;
        ended ||= chunk.includes('\r\n.\r\n');
        return;
      }
      const verb = chunk.toString('latin1').slice(0, 4);
      socket.write(`${replies[verb] ?? '500 what'}\r\n`);
      if (verb !== 'DATA') return;
      isMail = true;
      afterData(socket);
    });
    socket.write('220 here\r\n');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    kind: 'email',
    name: 'mail',
    host: '127.0.0.1',
    port: address.port,
    security: 'none',
    user: '',
    password: '',
    from: 'instep@shop.example',
    timeoutMs: 500,
  };
}

const letter = (bytes: number) => ({ to: TO, raw: Buffer.alloc(bytes, 'x') });

test('a mail that is not whole when its time is over never arrives: the socket is destroyed', async () => {
  const channel = await mailServer((socket) => socket.pause());
  const answer = await handOver(channel, letter(24_000_000), AbortSignal.timeout(500));
  expect(answer).toMatchObject({ is: 'dead', says: expect.stringContaining('is too slow') });
  const [socket] = sockets;
  const closed = once(socket!, 'close');
  socket!.resume();
  await closed;
  expect([received < 24_000_000, ended]).toEqual([true, false]);
});

test('a mail that the server has whole may have been taken, whether it is silent or hangs up', async () => {
  const silent = await mailServer(() => {});
  expect(await handOver(silent, letter(2_000), AbortSignal.timeout(300))).toMatchObject({
    is: 'unanswered',
    says: expect.stringMatching(/is too slow, after it had the whole mail/),
  });
  expect(ended).toBe(true);
  server.close();
  const hangsUp = await mailServer((socket) => void setTimeout(() => socket.destroy(), 100));
  expect(await handOver(hangsUp, letter(2_000), AbortSignal.timeout(5_000))).toMatchObject({ is: 'unanswered' });
});

test.each([
  ['RCPT', '550 5.1.1 no such user', 'refused'],
  ['RCPT', '450 4.2.1 later', 'putOff'],
  ['MAIL', '553 not your sender', 'refused'],
  ['RCPT', '421 closing', 'dead'],
  ['RCPT', '530 sign in first', 'dead'],
  ['EHLO', '554 go away', 'dead'],
  ['DATA', '552 too large', 'refused'],
])('%s answered with “%s” is %s, and is said', async (verb, reply, is) => {
  const channel = await mailServer(() => {}, { ...REPLIES, [verb]: reply, HELO: reply });
  const answer = await handOver(channel, letter(2_000), AbortSignal.timeout(2_000));
  expect(answer).toMatchObject({ is, says: expect.stringContaining(reply) });
});
