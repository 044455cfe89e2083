/** Members of staff for tests: proposed and approved by the normal procedure, and signed in at the desk. */
import { makeFirstOperators } from '../../src/features/desk/staff/makeFirstOperators.ts';
import { approveProposal, proposeStaff } from '../../src/features/desk/staff/changeStaff.ts';
import type { StaffRole } from '../../src/domain/staff/staff.ts';
import { TestBrowser, hiddenFields, type BrowserPage } from './browser.ts';
import { signInAt } from './desk.ts';
import type { Nodes } from './nodes.ts';
import { aPerson, aRelyingParty, type TestPerson } from './people.ts';

export interface Operators {
  readonly first: TestPerson;
  readonly second: TestPerson;
}

export async function twoOperators(nodes: Nodes): Promise<Operators> {
  const first = await aPerson(nodes, { givenName: 'Erik' });
  const second = await aPerson(nodes, { givenName: 'Elna' });
  await makeFirstOperators(nodes.context, [first.identityId, second.identityId]);
  return { first, second };
}

/** The set-up of most suites about the desk: a bank, and the two operators who admit people. */
export async function openDesk(nodes: Nodes): Promise<{ bank: string; operators: Operators }> {
  const { clientId } = await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken' });
  return { bank: clientId, operators: await twoOperators(nodes) };
}

/** A signed-in member of staff at the counter. */
export class CounterSession {
  readonly person: TestPerson;
  readonly browser: TestBrowser;
  readonly #csrf: string;

  constructor(person: TestPerson, browser: TestBrowser, csrf: string) {
    this.person = person;
    this.browser = browser;
    this.#csrf = csrf;
  }

  /** Sends a form as a browser does; with a page, its hidden fields are included. */
  async post(path: string, fields: Record<string, string>, page?: BrowserPage): Promise<BrowserPage> {
    const form = { csrf: this.#csrf, ...(page ? hiddenFields(page) : {}), ...fields };
    return await this.browser.request(path, { form });
  }

  async follow(answer: BrowserPage): Promise<BrowserPage> {
    return answer.headers.location ? await this.browser.follow(answer.headers.location) : answer;
  }

  /** @returns the page of the search, with any result */
  async search(fields: Record<string, string>): Promise<BrowserPage> {
    const form = { form: crypto.randomUUID(), reason: 'Henvendelse ved skranken', ...fields };
    return await this.follow(await this.post('/desk/search', form));
  }

  /** The page of a person who was found by CPR number. */
  async find({ cpr }: Pick<TestPerson, 'cpr'>): Promise<BrowserPage> {
    return await this.search({ by: 'cpr', number: cpr });
  }
}

export async function openCounterSession(
  nodes: Nodes,
  { first, second }: Operators,
  role: StaffRole,
  bank: string | null = null,
): Promise<CounterSession> {
  const person = await aPerson(nodes, { givenName: 'Kollega' });
  await proposeStaff(nodes.context, first.identityId, { userId: person.userId, role, bank });
  const rows = await nodes.database.query<{ id: string }>(
    'SELECT id FROM staff WHERE identity_id = $1 AND ended_at IS NULL',
    [person.identityId],
  );
  await approveProposal(nodes.context, second.identityId, rows[0]?.id ?? '');
  return await signInStaff(nodes, person);
}

export async function signInStaff(nodes: Nodes, person: TestPerson): Promise<CounterSession> {
  const browser = new TestBrowser(nodes);
  const page = await signInAt(browser, person);
  return new CounterSession(person, browser, hiddenFields(page)['csrf'] ?? '');
}

/** The document shown at the counter, for actions. */
export const SHOWN = { idKind: 'passport', idNumber: '201234567', idExpires: '24-11-2031', idMatches: 'yes' };
export const REASON = { reason: 'Har mistet sit kort' };
