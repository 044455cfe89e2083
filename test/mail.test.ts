/**
 * Mail arrives as it was written, once per id, and errors of a server are logged without the person's
 * address.
 */
import { mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import PostalMime from 'postal-mime';
import { createFolderMail } from '../src/platform/outbound/folderMail.ts';
import {
  isPermanentRefusal,
  parseSender,
  type MailTransport,
  type MailMessage,
} from '../src/platform/outbound/mail.ts';
import { parseMailUrl, createSmtpMail } from '../src/platform/outbound/smtpMail.ts';
import { startSmtpServer, type SmtpServer, type SmtpServerOptions } from './support/smtpServer.ts';
import { expectWithin, timedToo } from './support/index.ts';

const FROM = 'Nøgle <no-reply@nøgle.example>';
/** The time-out for the silent server; all others get the time that a busy machine takes. */
const SILENCE_MS = 500;
const PATIENT_MS = 20_000;

const atTheEnd: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of atTheEnd.splice(0).toReversed()) await end();
});

function aMessage(message: Partial<MailMessage> = {}): MailMessage {
  return {
    id: '0197-aaaa',
    to: 'aase@example.dk',
    subject: 'Dit nye nøglekort er på vej – til Ærø og Ødsted, så vi håber at høre fra dig igen før længe',
    text: `Kære Åse\n\nDit nøglekort er på vej.\n.\nFrom her: ${'rødgrød med fløde '.repeat(20)}\n\nVenlig hilsen\nNøgle`,
    ...message,
  };
}

async function aServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const server = await startSmtpServer(options);
  atTheEnd.push(async () => await server.stop());
  return server;
}

function mailTo(url: string, { from = FROM, timeoutMs = PATIENT_MS } = {}): MailTransport {
  const mail = createSmtpMail({ url, from, timeoutMs });
  atTheEnd.push(() => mail.close?.());
  return mail;
}

/** The outcome of sending it: null, or the error. */
async function tried(mail: MailTransport, message = aMessage()): Promise<Error | null> {
  return await mail.send(message).then(
    () => null,
    (error: unknown) => error as Error,
  );
}

describe('by SMTP', () => {
  test('a message arrives as it was written', async () => {
    const server = await aServer();
    await mailTo(server.url).send(aMessage());
    const { subject, text } = aMessage();
    expect(server.messages).toHaveLength(1);
    expect(server.messages[0]).toMatchObject({
      to: 'aase@example.dk',
      from: 'no-reply@xn--ngle-gra.example',
      subject,
      text,
      messageId: '<0197-aaaa@xn--ngle-gra.example>',
      secure: false,
      user: null,
    });
    const { headers } = server.messages[0]!;
    expect(headers).toMatchObject({ 'auto-submitted': 'auto-generated', to: 'aase@example.dk' });
    expect(headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(headers['x-mailer']).toBeUndefined();
  });

  test('a repeat has the same Message-ID', async () => {
    const server = await aServer();
    const mail = mailTo(server.url);
    await mail.send(aMessage());
    await mail.send(aMessage());
    expect(new Set(server.messages.map(({ messageId }) => messageId)).size).toBe(1);
  });

  test('forty concurrently go over two connections at most', async () => {
    const server = await aServer();
    const mail = mailTo(server.url);
    await Promise.all(
      Array.from({ length: 40 }, async (_, i) => await mail.send(aMessage({ id: `m-${i}` }))),
    );
    expect(new Set(server.messages.map(({ messageId }) => messageId)).size).toBe(40);
    expect(server.mostAtOnce).toBe(2);
  });

  test('a server that is down is no refusal; up again it takes the message', async () => {
    const server = await aServer();
    const mail = mailTo(server.url);
    await mail.send(aMessage({ id: 'before' }));
    await server.stop();
    const error = await tried(mail, aMessage({ id: 'after' }));
    await server.start();
    expect(error?.message).toMatch(/could not be sent: (ESOCKET|ECONNECTION)/);
    expect(isPermanentRefusal(error)).toBe(false);
    await mail.send(aMessage({ id: 'after' }));
    expect(server.messages.map(({ messageId }) => messageId.slice(1).split('@')[0])).toEqual([
      'before',
      'after',
    ]);
  });

  test.each([
    [550, '5.1.1 <aase@example.dk>: no such user', true],
    [550, 'aase@example.dk is not known here', true],
    [553, '5.1.3 aase@example.dk', true],
    [552, '5.2.2 the mailbox of aase@example.dk is full', true],
    [450, '4.2.1 aase@example.dk try later', false],
    [421, '4.3.2 closing', false],
    [554, '5.7.1 <aase@example.dk>: relay access denied', false],
    [550, '5.1.8 <no-reply@example.dk>: sender address rejected: domain not found', false],
    [550, '5.1.7 <no-reply@example.dk>: sender address rejected', false],
    [554, '5.3.2 system not accepting network messages', false],
    [530, '5.7.0 log in first', false],
    [503, '5.5.1 bad sequence', false],
  ])('a recipient who is answered %i %s: permanent is %s', async (code, reply, isForGood) => {
    const server = await aServer();
    const mail = mailTo(server.url);
    server.refuse('aase@example.dk', code, reply);
    const error = await tried(mail);
    expect(isPermanentRefusal(error)).toBe(isForGood);
    expect(error?.message).toContain(`${code}`);
    expect(`${error?.stack}`).not.toContain('aase@');
    // The next message is not affected.
    expect(await tried(mail, aMessage({ to: 'bent@example.dk' }))).toBeNull();
  });

  test('letters outside ASCII: a domain goes as punycode anywhere, a name to servers that take it', async () => {
    const [able, unable] = [await aServer(), await aServer({ withoutUtf8: true })];
    for (const to of ['anna@smørrebrød.dk', 'søren@example.dk']) {
      await mailTo(able.url).send(aMessage({ to }));
    }
    expect(able.messages.map(({ to }) => to)).toEqual(['anna@smørrebrød.dk', 'søren@example.dk']);
    const mail = mailTo(unable.url);
    await mail.send(aMessage({ to: 'anna@smørrebrød.dk' }));
    const error = await tried(mail, aMessage({ to: 'søren@example.dk' }));
    // Nothing is lost: what cannot be sent goes by letter.
    expect(isPermanentRefusal(error)).toBe(true);
    expect(error?.message).toBe('the mail server takes no addresses outside ASCII (SMTPUTF8)');
    expect(unable.messages).toHaveLength(1);
    await unable.stop();
    expect(isPermanentRefusal(await tried(mail, aMessage({ to: 'søren@example.dk' })))).toBe(false);
  });

  test('a sender who is refused is an error of Nøgle’s, not that of the recipient', async () => {
    const server = await aServer();
    server.refuse('no-reply@example.dk');
    const error = await tried(mailTo(server.url, { from: 'no-reply@example.dk' }));
    expect(error?.message).toBe('the mail server answered 550 5.1.1 to MAIL FROM');
    expect(isPermanentRefusal(error)).toBe(false);
  });

  test('user and password are in the address', async () => {
    const login = { user: 'nøgle@example.dk', pass: 'p@ss:/ord?#' };
    const server = await aServer({ login });
    await mailTo(server.url).send(aMessage());
    expect(server.messages[0]?.user).toBe(login.user);
    const wrong = await tried(mailTo(server.url.replace('p%40ss', 'hemmelig')));
    expect(wrong?.message).toMatch(/answered 535 to AUTH/);
    expect(wrong?.message).not.toContain('hemmelig');
    expect(isPermanentRefusal(wrong)).toBe(false);
  });

  test('STARTTLS is used where it is offered, asked for where it must be, and the certificate is looked at', async () => {
    const server = await aServer({ startTls: true });
    const unknown = await tried(mailTo(server.url));
    expect(unknown?.message).toMatch(/could not be sent: (ETLS|ESOCKET)/);
    await mailTo(`${server.url}?tls.rejectUnauthorized=false`).send(aMessage());
    expect(server.messages.map(({ secure }) => secure)).toEqual([true]);
    const without = await aServer();
    const refused = await tried(mailTo(`${without.url}?requireTLS=true`));
    expect(refused).not.toBeNull();
    expect(isPermanentRefusal(refused)).toBe(false);
    expect(without.messages).toEqual([]);
  });

  timedToo.each([
    ['never greets', 1, () => undefined],
    [
      'drips its answers without an end',
      4,
      (socket: Socket) => {
        socket.write('220 here\r\n');
        const drip = setInterval(() => socket.write('250-still here\r\n'), 50);
        socket.on('close', () => clearInterval(drip));
      },
    ],
  ])('a server that %s is waited for %i timeouts at most', async (_what, timeouts, behave) => {
    const port = await aBadServer(behave);
    const startedAt = performance.now();
    const error = await tried(mailTo(`smtp://127.0.0.1:${port}`, { timeoutMs: SILENCE_MS }));
    expect(error?.message).toMatch(/ETIMEDOUT|took too long/);
    expect(isPermanentRefusal(error)).toBe(false);
    expectWithin(performance.now() - startedAt, (timeouts + 2) * SILENCE_MS);
  });
});

async function aBadServer(behave: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    behave(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atTheEnd.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('into a folder', () => {
  const NOW = new Date('2026-11-24T08:30:00Z');

  async function aFolder(): Promise<string> {
    mkdirSync('.tmp', { recursive: true });
    const made = await mkdtemp(path.resolve('.tmp/mail-'));
    atTheEnd.push(async () => await rm(made, { recursive: true, force: true }));
    return path.join(made, 'mail');
  }

  test('a message is there as it would be sent, and as JSON', async () => {
    const folder = await aFolder();
    await createFolderMail(folder, FROM, () => NOW).send(aMessage());
    const name = path.join(folder, '2026-11-24T083000.000Z-0197-aaaa');
    const { to, subject, text } = aMessage();
    expect(JSON.parse(await readFile(`${name}.json`, 'utf8'))).toEqual({ to, subject, text });
    const eml = await PostalMime.parse(await readFile(`${name}.eml`));
    expect(eml).toMatchObject({
      subject,
      messageId: '<0197-aaaa@xn--ngle-gra.example>',
      date: NOW.toISOString(),
    });
    expect(eml.text?.trimEnd()).toBe(text);
    expect(eml.from).toMatchObject({ name: 'Nøgle' });
    expect((await stat(`${name}.eml`)).mode & 0o777).toBe(0o600);
  });

  test('one per id: the first stays, also of sixteen concurrently', async () => {
    const folder = await aFolder();
    let ms = NOW.getTime();
    const now = () => new Date((ms += 1000));
    const mail = createFolderMail(folder, FROM, now);
    await Promise.all(Array.from({ length: 16 }, async () => await mail.send(aMessage())));
    const names = async () => (await readdir(folder)).filter((name) => !name.startsWith('.')).sort();
    const first = await names();
    expect(first).toHaveLength(2);
    await createFolderMail(folder, FROM, now).send(aMessage({ text: 'other' }));
    expect(await names()).toEqual(first);
    expect(await readFile(path.join(folder, first[1]!), 'utf8')).toContain('Dit nøglekort er på vej');
  });
});

describe('what is no address', () => {
  test.each([
    'aase@example.dk\r\nBcc: eve@example.com',
    'aase@example.dk\nX-Header: 1',
    'aase@example.dk, eve@example.com',
    'aase@example.dk;eve@example.com',
    'aase@example.dk eve@example.com',
    'Åse <aase@example.dk>',
    '<aase@example.dk>',
    'friends: aase@example.dk, eve@example.com;',
    '"aase@example.dk> RCPT TO:<eve"@example.com',
    'aase@example.dk\u0000',
    'aase@example.dk\u2028eve',
    'aase(comment)@example.dk',
    'aase@eve@example.dk',
    'aase',
    '@example.dk',
    'aase@',
    'aase@example..dk',
    '',
    `${'a'.repeat(65)}@example.dk`,
    `a@${'b'.repeat(60)}.${'c'.repeat(200)}`,
  ])('%j reaches no server, and no later try helps', async (to) => {
    const server = await aServer();
    const error = await tried(mailTo(server.url), aMessage({ to }));
    expect(error?.message).toBe('it is no e-mail address');
    expect(isPermanentRefusal(error)).toBe(true);
    expect(server.messages).toEqual([]);
  });

  test.each(["o'hara+nem@sub.example.co.uk", 'åse.ærø@blåbærgrød.dk', 'a@localhost'])(
    '%s is one',
    async (to) => {
      const server = await aServer();
      await mailTo(server.url).send(aMessage({ to }));
      expect(server.messages).toHaveLength(1);
    },
  );

  test('a line break in a subject makes no header', async () => {
    const server = await aServer();
    await mailTo(server.url).send(aMessage({ subject: 'Hej\r\nBcc: eve@example.com\r\n\r\nx' }));
    expect(server.messages[0]?.headers['bcc']).toBeUndefined();
    expect(server.messages[0]?.to).toBe('aase@example.dk');
    expect(server.messages[0]?.text).toBe(aMessage().text);
  });

  test.each(['a b', 'a@b', 'a>\r\nBcc: x', ''])('the id %j is refused', async (id) => {
    const error = await tried(mailTo('smtp://127.0.0.1:1'), aMessage({ id }));
    expect(error?.message).toContain('an id of');
    expect(isPermanentRefusal(error)).toBe(false);
  });

  test('a sender is one address, with a name or without', () => {
    expect(parseSender(FROM)).toEqual({ name: 'Nøgle', address: 'no-reply@nøgle.example' });
    expect(parseSender('a@b.dk')).toEqual({ name: '', address: 'a@b.dk' });
    for (const text of ['', 'Nøgle', 'a@b.dk, c@d.dk', 'a@b.dk\r\nBcc: c@d.dk', 'G: a@b.dk, c@d.dk;']) {
      expect(() => parseSender(text)).toThrow('one e-mail address');
    }
  });
});

describe('the address of a mail server', () => {
  test.each([
    ['smtp://mail.example', { host: 'mail.example', port: 587, secure: false, requireTLS: false }],
    ['smtps://mail.example', { port: 465, secure: true, rejectUnauthorized: true }],
    ['smtp://mail.example:25/?requireTLS=true', { port: 25, requireTLS: true }],
    [
      'smtp://[::1]:2525?tls.rejectUnauthorized=false',
      { host: '::1', port: 2525, rejectUnauthorized: false },
    ],
    ['smtp://n%40x:p%2Fw@mail.example', { auth: { user: 'n@x', pass: 'p/w' } }],
  ])('%s is read', (text, server) => {
    expect(parseMailUrl(text)).toMatchObject(server);
  });

  test.each([
    ['', /smtp:\/\//],
    ['mail.example:25', /smtp:\/\//],
    ['http://mail.example', /smtp:\/\//],
    ['smtp://', /host/],
    ['smtp:mail.example', /host/],
    ['smtp://user:hemmelig@', /needed/],
    ['smtp://user@mail.example', /alone/],
    ['smtp://user:hem/melig@mail.example', /percent/],
    ['smtp://user:hemmelig%zz@mail.example', /percent/],
    ['smtp://mail.example/inbox', /path/],
    ['smtp://mail.example?requireTLS=yes', /true or false/],
    ['smtp://mail.example?ignoreTLS=true', /true or false/],
  ])('%j is refused in words, without the password', (text, words) => {
    expect(() => parseMailUrl(text)).toThrow(words);
    expect(() => parseMailUrl(text)).not.toThrow(/hem/);
  });
});
