/** Code tokens in software, as their maker sends them and as people hold them. */
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { lockIdentity } from '../../src/db/cards/cardSets.ts';
import { generateCode, stepAt, type CodeAlgorithm } from '../../src/domain/factors/codeToken.ts';
import {
  findCodeTokenToHandOver,
  handOverCodeToken,
  importTokens,
  type TokenImportReport,
} from '../../src/features/codeTokens/index.ts';
import { hiddenFields, TestBrowser, type BrowserPage } from './browser.ts';
import { signInAt } from './desk.ts';
import { authRequest, keyFor, payloadOf, readReturnedCode, redeemCode, toKeyPage } from './flow.ts';
import type { Nodes } from './nodes.ts';
import type { TestPerson, TestRelyingParty } from './people.ts';

/** A device: its clock may be wrong, and its button may have been pressed. */
export class SoftToken implements CodeAlgorithm {
  readonly serialNumber = `NT-${randomBytes(4).toString('hex').toUpperCase()}`;
  readonly seed = randomBytes(20);
  readonly digits = 6;
  readonly algorithm = 'SHA-1';
  readonly kind: 'hotp' | 'totp';
  readonly periodSeconds: number | null;
  /** Seconds by which its clock is ahead. */
  aheadSeconds = 0;
  /** How often its button was pressed. */
  presses = 0;
  readonly #nodes: Nodes;

  constructor(nodes: Nodes, kind: 'hotp' | 'totp' = 'totp') {
    this.#nodes = nodes;
    this.kind = kind;
    this.periodSeconds = kind === 'totp' ? 30 : null;
    nodes.secrets.add(this.seed.toString('hex'), 'seed');
  }

  /** The code that it shows, or the one so many steps later. */
  show(later = 0): string {
    const at = new Date(this.#nodes.clock.now().getTime() + this.aheadSeconds * 1_000);
    const step = this.kind === 'hotp' ? this.presses : stepAt(this, at);
    return generateCode(this, this.seed, step + later);
  }

  /** A code that it shows neither now nor nearby. */
  showWrong(): string {
    const near = Array.from({ length: 240 }, (_, i) => (this.kind === 'hotp' ? i : i - 120)).map((i) =>
      this.show(i),
    );
    return ['000000', '111111', '222222', '333333'].find((one) => !near.includes(one)) ?? '';
  }

  /** Its row in the file. */
  get row(): string {
    return `${this.serialNumber},${this.kind},${this.seed.toString('hex')},${this.digits}`;
  }
}

export async function importFile(nodes: Nodes, text: string): Promise<TokenImportReport> {
  return await importTokens(nodes.context, Readable.from([Buffer.from(text)]), async () => undefined);
}

export async function intoStock(nodes: Nodes, ...tokens: readonly SoftToken[]): Promise<void> {
  const report = await importFile(
    nodes,
    ['serial,kind,seed,digits', ...tokens.map(({ row }) => row)].join('\n'),
  );
  if (report.imported !== tokens.length) throw new Error(`not imported: ${JSON.stringify(report.faults)}`);
}

/** One that the person was handed at a desk a while ago. */
export async function aCodeToken(
  nodes: Nodes,
  { identityId }: Pick<TestPerson, 'identityId'>,
  kind: 'hotp' | 'totp' = 'totp',
): Promise<SoftToken> {
  const token = new SoftToken(nodes, kind);
  await intoStock(nodes, token);
  const found = await findCodeTokenToHandOver(nodes.context, token.serialNumber, token.show());
  if (typeof found === 'string') throw new Error(`the code token is ${found}`);
  await nodes.context.database.transaction(async (db) => {
    await lockIdentity(db, identityId);
    await handOverCodeToken(nodes.context, db, identityId, found, { by: 'system' });
  });
  if (kind === 'hotp') token.presses += 1;
  else nodes.clock.forward(30_000);
  return token;
}

/** The steps of a story about code tokens on these nodes. */
export function tokenSteps(nodes: Nodes) {
  const rowOf = async ({ serialNumber }: SoftToken) =>
    (
      await nodes.database.query<Record<string, unknown>>(
        'SELECT *, last_step::float8 AS step FROM code_tokens WHERE serial_number = $1',
        [serialNumber],
      )
    )[0] ?? {};
  const stateOf = async (token: SoftToken) => (await rowOf(token))['state'];
  const noticesTo = async ({ identityId }: TestPerson) =>
    (
      await nodes.database.query<{ kind: string }>(
        `SELECT kind FROM notices WHERE identity_id = $1 AND kind LIKE 'code_token%' ORDER BY at, kind`,
        [identityId],
      )
    ).map(({ kind }) => kind.replace('code_token_', ''));

  const run = async (task: string) => await nodes.node(0).app.tasks[task]?.({});

  async function claimsOf(rp: TestRelyingParty, page: BrowserPage, verifier: string) {
    const tokens = await redeemCode(nodes, rp, readReturnedCode(page).get('code') ?? '', verifier, 1);
    return payloadOf(tokens.id_token);
  }

  /** Gives a code at a new sign-in. */
  async function submitCode(person: TestPerson, rp: TestRelyingParty, code: string) {
    const browser = new TestBrowser(nodes);
    const login = authRequest(rp);
    const page = await toKeyPage(browser, person, login);
    if (page.page !== 'key') throw new Error(`no key page but ${page.page}`);
    return { browser, login, page: await browser.send(page, { key: '', code, way: 'key' }) };
  }

  const isSignedIn = ({ page }: { page: BrowserPage }) => page.headers.location?.includes('code=') ?? false;
  async function atSelfService(person: TestPerson): Promise<TestBrowser> {
    const browser = new TestBrowser(nodes);
    await signInAt(browser, person, '/self-service');
    return browser;
  }
  const open = async (browser: TestBrowser) => await browser.follow('/self-service/code-token');
  async function confirm(browser: TestBrowser, person: TestPerson, asked: BrowserPage): Promise<BrowserPage> {
    if (asked.page !== 'self-confirm') throw new Error(`no key is asked for on ${asked.page}`);
    return await browser.send(asked, { key: keyFor(person, asked) });
  }

  async function block(browser: TestBrowser, what: 'card' | 'identity'): Promise<void> {
    const page = await browser.follow(`/self-service/block/${what}`);
    await browser.request('/self-service/block', { form: { ...hiddenFields(page), what } });
  }

  return {
    rowOf,
    stateOf,
    noticesTo,
    run,
    claimsOf,
    submitCode,
    isSignedIn,
    atSelfService,
    open,
    confirm,
    block,
  };
}
