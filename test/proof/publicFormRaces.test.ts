/**
 * The counters other than the sign-in's own: two hundred wrong answers to each are compared before one of
 * them is counted, on two nodes. At most as many are reported as wrong as the counter allows. Each race runs
 * a second time without the check of the lock, and must then be lost: docs/decisions/0017-the-sign-in.md.
 */
import { describe, expect, test } from '@jest/globals';
import { toDanishDay } from '../../src/domain/calendar.ts';
import type { PopulationRegisterEntry } from '../../src/domain/issuing/populationRegister.ts';
import { DEFAULT_RULES } from '../../src/domain/rules.ts';
import {
  composeApplication,
  aPerson,
  aRegistered,
  authRequest,
  TestBrowser,
  countVerdicts,
  deliverAll,
  fillInPage,
  findNewPasswordKey,
  type HeldUp,
  holdTransactions,
  holdUp,
  readDeliveredLetters,
  issueApplication,
  keyOnPage,
  type BrowserPage,
  PATIENT,
  peopleWithAllPages,
  postOrder,
  signInAt,
  takeOut,
  toNewPasswordKeyPage,
  type TestPerson,
  type ActivationTyped,
  waitUntil,
  useNodes,
  useRelyingParty,
} from '../support/index.ts';

const MANY = 200;
/** The minimum that may be set, so that two hundred exceed it. */
const OVERALL = { block: 100, temporary: 150, newPassword: 100 };

const nodes = useNodes({
  count: 2,
  proxyHops: 1,
  rules: {
    ...PATIENT,
    block: { ...PATIENT.block, perHour: OVERALL.block },
    temporary: { perHour: OVERALL.temporary },
  },
});
const rp = useRelyingParty(nodes);

/** Sends wrong answer `i`. */
type Send = (i: number) => Promise<BrowserPage>;

interface AnswerForm {
  readonly name: string;
  readonly limit: number;
  /** Opens the page that takes the answers. */
  readonly open: () => Promise<Send>;
  /** The counter of an order, of the two that its verification concerns. */
  readonly counter?: () => string;
  /** How many counters each answer is counted on; one unless set. */
  readonly countersEach?: number;
}

let networks = 0;
/** A unique /24 for each. */
function aNetwork(): string {
  networks += 1;
  return `10.${Math.floor(networks / 250)}.${networks % 250}.7`;
}

/** Six digits that are not the key; all different. */
function wrongKeys(right: string): (i: number) => string {
  return (i) => String((Number(right) + 1 + i) % 1_000_000).padStart(6, '0');
}

/** The forms of one page that was opened many times: the same cookies, each with its own nonce. */
async function atKeyPage(browser: TestBrowser, page: BrowserPage, field: 'key' | 'newKey'): Promise<Send> {
  const wrong = wrongKeys(await keyOnPage(nodes, page));
  return (i) => browser.post(page, { form: `form-${i}`.padEnd(43, '-'), [field]: wrong(i) });
}

async function walkTo(
  wanted: string,
  browser: TestBrowser,
  first: BrowserPage,
  typed: ActivationTyped,
): Promise<BrowserPage> {
  let page = first;
  while (page.page !== wanted) page = await browser.send(page, await fillInPage(nodes, page, typed));
  return page;
}

async function anIssued(): Promise<ActivationTyped & { readonly identityId: string }> {
  const identityId = await issueApplication(nodes, composeApplication());
  await deliverAll(nodes);
  const { idNumber, temporaryPassword } = await readDeliveredLetters(nodes, identityId);
  return { identityId, userId: idNumber, password: temporaryPassword };
}

async function openActivation(from: (i: number) => string): Promise<Send> {
  const { userId } = await anIssued();
  const pages = await Promise.all(
    Array.from({ length: MANY }, async (_, i) => {
      const browser = new TestBrowser(nodes, i, from(i));
      return { browser, page: await browser.follow('/activate') };
    }),
  );
  return (i) => {
    const { browser, page } = pages[i] as (typeof pages)[number];
    return browser.post(page, { userId, password: `not-it-at-all-${i}` });
  };
}

async function openBlock(from: (i: number) => string): Promise<Send> {
  const { userId } = await aPerson(nodes);
  const page = await new TestBrowser(nodes).follow('/block/card');
  return async (i) => {
    const fields = { what: 'card', userId, password: `guess-${i}`, form: crypto.randomUUID() };
    return await new TestBrowser(nodes, i, from(i)).post(page, fields);
  };
}

async function openNewPassword(from: (i: number) => string): Promise<Send> {
  const person = await aPerson(nodes);
  const page = await toNewPasswordKeyPage(nodes, person.userId);
  const wrong = wrongKeys(findNewPasswordKey(person, page));
  return async (i) => {
    const fields = { key: wrong(i), form: crypto.randomUUID() };
    return await new TestBrowser(nodes, i, from(i)).post(page, fields);
  };
}

let ordered: PopulationRegisterEntry;
let orderedFrom = '';
const compared: number[] = [];

const DOORS: readonly AnswerForm[] = [
  {
    name: 'the key of a new card',
    limit: DEFAULT_RULES.key.tries,
    open: async () => {
      const [person] = (await peopleWithAllPages(nodes, 1)) as [TestPerson];
      const browser = new TestBrowser(nodes);
      const page = await walkTo('new-card', browser, await browser.follow(authRequest(rp).path), person);
      return await atKeyPage(browser, page, 'newKey');
    },
  },
  {
    name: 'a temporary password, from one network',
    limit: 1,
    open: async () => {
      const network = aNetwork();
      return await openActivation(() => network);
    },
  },
  {
    name: 'a temporary password, from all networks',
    limit: OVERALL.temporary,
    open: () => openActivation(aNetwork),
  },
  {
    name: 'the key of an activation',
    limit: DEFAULT_RULES.key.tries,
    open: async () => {
      const typed = await anIssued();
      const browser = new TestBrowser(nodes, 0, aNetwork());
      const page = await walkTo('activate-key', browser, await browser.follow('/activate'), typed);
      return await atKeyPage(browser, page, 'key');
    },
  },
  {
    name: 'the key of a confirmation',
    limit: DEFAULT_RULES.key.tries,
    countersEach: 2,
    open: async () => {
      const person = await aPerson(nodes);
      const browser = new TestBrowser(nodes);
      await signInAt(browser, person, '/self-service');
      const card = await browser.follow('/self-service/card');
      const page = await browser.send(card, { do: 'threshold', threshold: '40' });
      return await atKeyPage(browser, page, 'key');
    },
  },
  {
    name: 'the password of a block, from one network',
    limit: DEFAULT_RULES.block.tries,
    open: async () => {
      const network = aNetwork();
      return await openBlock(() => network);
    },
  },
  {
    name: 'the password of a block, from all networks',
    limit: OVERALL.block,
    open: () => openBlock(aNetwork),
  },
  {
    name: 'the key for a new password, from one network',
    limit: DEFAULT_RULES.newPassword.tries,
    open: async () => {
      const network = aNetwork();
      return await openNewPassword(() => network);
    },
  },
  {
    name: 'the key for a new password, from all networks',
    limit: OVERALL.newPassword,
    open: () => openNewPassword(aNetwork),
  },
  {
    name: 'an order online of one CPR number',
    limit: DEFAULT_RULES.order.perCpr,
    counter: () => `of CPR number ${ordered.cpr}`,
    open: async () => {
      ordered = await aRegistered(nodes);
      return (i) => postOrder(new TestBrowser(nodes, i, aNetwork()), ordered, { name: `En Anden ${i}` });
    },
  },
  {
    name: 'orders online from one network',
    limit: DEFAULT_RULES.order.perNetwork,
    counter: () => `from network ${orderedFrom}`,
    open: async () => {
      orderedFrom = aNetwork();
      const entries = await Promise.all(Array.from({ length: MANY }, () => aRegistered(nodes)));
      return (i) => {
        const entry = entries[i] as (typeof entries)[number];
        return postOrder(new TestBrowser(nodes, i, orderedFrom), entry, { name: 'En Anden' });
      };
    },
  },
];

function holdJudging(): HeldUp {
  const held = holdUp(nodes, 'INSERT INTO attempts AS a', MANY);
  held.reached.catch(() => undefined);
  return held;
}

/** @returns how many were reported as wrong, and the outcomes of the others */
async function race({
  open,
  counter,
  countersEach = 1,
}: AnswerForm): Promise<{ reported: number; verdicts: string }> {
  const send = await open();
  const verdicts = await countVerdicts(nodes, async () => {
    // An order is verified without a transaction.
    const gate = counter ? holdJudging() : holdTransactions(nodes);
    let answered = 0;
    const answers = Array.from({ length: MANY }, async (_, i) => {
      const answer = await send(i);
      answered += 1;
      return answer;
    });
    await waitUntil('all are compared, or answered', () => gate.count() + answered === MANY);
    compared.push(gate.count());
    gate.release();
    const statuses = (await Promise.all(answers)).map(({ status }) => status);
    expect(statuses.filter((status) => ![303, 429, 503].includes(status))).toEqual([]);
  });
  const reported = counter ? await wrongAt(counter()) : (verdicts.get('wrong') ?? 0) / countersEach;
  return { reported, verdicts: [...verdicts].map(([verdict, many]) => `${verdict} ${many}`).join(', ') };
}

async function wrongAt(counter: string): Promise<number> {
  const { keyring, clock } = nodes.context;
  const subject = keyring.hmac('attempts', `order online on ${toDanishDay(clock.now())} ${counter}`);
  const [row] = await nodes.database.query<{ wrong: number }>(
    'SELECT wrong FROM attempts WHERE subject = $1',
    [subject],
  );
  return row?.wrong ?? 0;
}

const NO_LIMIT: readonly [string, string][] = [
  [`>= $3::int THEN 'locked'`, `>= 1000000 + $3::int THEN 'locked'`],
  ['>= $3::int OR a.in_a_row', '>= 1000000 + $3::int OR a.in_a_row'],
];
const NO_OVERALL: readonly [string, string][] = [['<= $10::float8', '<= 1000000 + $10::float8']];

describe.each(DOORS)('two hundred wrong answers concurrently: $name', (form) => {
  test(`no more than ${form.limit} are told that they are wrong`, async () => {
    const { reported, verdicts } = await race(form);
    console.info(
      `${form.name}: ${reported} of ${compared.at(-1)} compared were reported as wrong (${verdicts})`,
    );
    expect(reported).toBe(form.limit);
  });

  test('control: without the look at the lock more are', async () => {
    const guards = form.name.endsWith('all networks') ? NO_OVERALL : NO_LIMIT;
    const repairs = guards.map(([guard, instead]) => takeOut(nodes, guard, instead));
    const { reported } = await race(form);
    for (const repair of repairs.toReversed()) repair();
    console.info(`${form.name}, control: ${reported} reported as wrong`);
    expect(reported).toBeGreaterThan(form.limit);
  });
});
