/** A mail server that keeps what it receives, parsed by another library than the one that wrote it. */
import PostalMime from 'postal-mime';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { freePort } from './ports.ts';

export interface ReceivedMail {
  /** From the envelope. */
  readonly to: string;
  readonly from: string;
  readonly subject: string;
  readonly text: string;
  /** Null when the message has no such part. */
  readonly html: string | null;
  /** With its angle brackets. */
  readonly messageId: string;
  /** Lower-case name -> value. */
  readonly headers: Readonly<Record<string, string>>;
  /** The user who was logged in, and whether the connection was encrypted. */
  readonly user: string | null;
  readonly secure: boolean;
}

export interface SmtpServer {
  readonly port: number;
  readonly url: string;
  /** In the order of arrival. */
  readonly messages: readonly ReceivedMail[];
  /** The most connections that were open at one time. */
  readonly mostAtOnce: number;
  /**
   * Refuses the address from now on, as sender and as recipient. `reply` follows the number: `5.1.1 no such
   * user`.
   */
  refuse(address: string, responseCode?: number, reply?: string): void;
  /** Accepts a refused address again. */
  accept(address: string): void;
  stop(): Promise<void>;
  /** Restarts on the same port. */
  start(): Promise<void>;
}

export interface SmtpServerOptions {
  /** With a login set, nothing is accepted without it. */
  readonly login?: { readonly user: string; readonly pass: string };
  /** Offers STARTTLS, with a self-signed certificate. */
  readonly startTls?: boolean;
  /** Does not support addresses outside ASCII. */
  readonly withoutUtf8?: boolean;
}

export async function startSmtpServer(options: SmtpServerOptions = {}): Promise<SmtpServer> {
  const { login } = options;
  const messages: ReceivedMail[] = [];
  const refused = new Map<string, Error>();
  let server: SMTPServer;
  const port = await freePort();
  let mostAtOnce = 0;

  async function start(): Promise<void> {
    server = new SMTPServer({
      logger: false,
      hideSMTPUTF8: options.withoutUtf8 ?? false,
      disableReverseLookup: true,
      allowInsecureAuth: true,
      authOptional: login === undefined,
      disabledCommands: [...(options.startTls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
      closeTimeout: 50,
      onConnect(_session, done) {
        mostAtOnce = Math.max(mostAtOnce, server.connections.size);
        done();
      },
      onAuth(auth, _session, done) {
        const isRight = auth.username === login?.user && auth.password === login?.pass;
        done(isRight ? null : new Error('no such user or password'), { user: auth.username });
      },
      onMailFrom: ({ address }, _session, done) => done(refused.get(address) ?? null),
      onRcptTo: ({ address }, _session, done) => done(refused.get(address) ?? null),
      onData(stream, session, done) {
        void keep(stream, session, done);
      },
    });
    // Some tests cut a client's connection.
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  }

  async function keep(
    stream: SMTPServerDataStream,
    session: SMTPServerSession,
    done: (fault?: Error | null) => void,
  ): Promise<void> {
    try {
      messages.push(await readStream(stream, session));
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  await start();
  const user = login ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.pass)}@` : '';
  return {
    port,
    url: `smtp://${user}127.0.0.1:${port}`,
    messages,
    get mostAtOnce() {
      return mostAtOnce;
    },
    refuse(address, responseCode = 550, reply = `5.1.1 <${address}>: no such user here`) {
      refused.set(address, Object.assign(new Error(reply), { responseCode }));
    },
    accept: (address) => void refused.delete(address),
    stop: async () => await new Promise<void>((resolve) => server.close(() => resolve())),
    start,
  };
}

async function readStream(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<ReceivedMail> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const parsed = await PostalMime.parse(Buffer.concat(chunks));
  return {
    to: session.envelope.rcptTo.map(({ address }) => address).join(', '),
    from: parsed.from?.address ?? '',
    subject: parsed.subject ?? '',
    text: (parsed.text ?? '').replace(/\n$/, ''),
    html: parsed.html ?? null,
    messageId: parsed.messageId ?? '',
    headers: Object.fromEntries(parsed.headers.map(({ key, value }) => [key, value])),
    user: typeof session.user === 'string' ? session.user : null,
    secure: session.secure,
  };
}
