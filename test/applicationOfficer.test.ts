/**
 * A proposal that waits for a second member of staff depends on the first one's role, and is dropped with it.
 */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { rulesSchema } from '../src/domain/rules.ts';
import { staffOf, type StaffRole } from '../src/domain/staff/staff.ts';
import { requestDeskAction } from '../src/features/desk/requestDeskAction.ts';
import { proposeCprChange } from '../src/features/desk/cprChange/proposeCprChange.ts';
import { searchKnownPerson } from '../src/features/desk/search/searchPeople.ts';
import { decideColleagueAction } from '../src/features/desk/staff/settleColleagueAction.ts';
import { decideCprChange } from '../src/features/desk/cprChange/settleCprChange.ts';
import { submitApplication } from '../src/features/issuing/submitApplication.ts';
import {
  approveProposal,
  endRole,
  cancelEndOfRole,
  proposeEndOfRole,
  proposeStaff,
} from '../src/features/desk/staff/changeStaff.ts';
import {
  composeApplication,
  aPerson,
  aRelyingParty,
  openCounterSession,
  type CounterSession,
  Nodes,
  type Operators,
  type TestPerson,
  twoOperators,
} from './support/index.ts';

const HOUSES = ['borgerservice', 'bank'] as const;
type House = (typeof HOUSES)[number];

let nodes: Nodes;
let operators: Operators;
let bank: string;
let second: Record<House, CounterSession>;
beforeAll(async () => {
  const rules = rulesSchema.parse({ staff: { perHour: { staff: 1_000, staff_end: 100 } } });
  nodes = await Nodes.start({ rules });
  operators = await twoOperators(nodes);
  bank = (await aRelyingParty(nodes, { kind: 'bank', name_da: 'Prøvebanken' })).clientId;
  second = {
    borgerservice: await openCounterSession(nodes, operators, 'officer'),
    bank: await openCounterSession(nodes, operators, 'bank_clerk', bank),
  };
});
afterAll(() => nodes.close());

const first = () => operators.first.identityId;
const other = () => operators.second.identityId;

async function rowOf({ identityId }: TestPerson): Promise<string> {
  const rows = await nodes.database.query<{ id: string }>(
    'SELECT id FROM staff WHERE identity_id = $1 AND ended_at IS NULL',
    [identityId],
  );
  return rows[0]?.id ?? '';
}

async function appoint(person: TestPerson, role: StaffRole): Promise<TestPerson> {
  const proposal = { userId: person.userId, role, bank: role === 'bank_clerk' ? bank : null };
  expect(await proposeStaff(nodes.context, first(), proposal)).toBe('done');
  expect(await approveProposal(nodes.context, other(), await rowOf(person))).toBe('done');
  return person;
}

async function pause(person: TestPerson): Promise<void> {
  expect(await proposeEndOfRole(nodes.context, first(), await rowOf(person))).toBe('done');
}

async function dismiss(person: TestPerson): Promise<void> {
  await pause(person);
  expect(await endRole(nodes.context, other(), await rowOf(person))).toBe('done');
}

/** Under another appointment, a minute later. */
async function appointAgain(person: TestPerson, role: StaffRole): Promise<void> {
  await dismiss(person);
  nodes.clock.forward(60_000);
  await appoint(person, role);
}

const ROLE_OF = { borgerservice: 'officer', bank: 'bank_clerk' } as const;

/**
 * An application taken in by this member of staff, with an address stated by the applicant. @returns its id
 */
async function takenIn(house: House, { identityId }: TestPerson): Promise<string> {
  const sent = composeApplication({
    officerId: identityId,
    issuedBy: house === 'bank' ? bank : house,
    application: { addressFrom: 'applicant', path: house === 'bank' ? 'bank' : 'desk' },
  });
  expect(await submitApplication(nodes.context, sent)).toEqual({ kind: 'waiting' });
  return sent.id;
}

/** @returns where the second officer is redirected */
async function decide(house: House, id: string, address: 'right' | 'wrong' = 'right'): Promise<string> {
  const answer = await second[house].post(`/desk/waiting/${id}`, { address });
  return answer.headers.location ?? '';
}

async function stateOf(id: string): Promise<unknown> {
  return await nodes.database.query(
    `SELECT state, identity_id IS NULL AS "hasNoId" FROM applications WHERE id = $1`,
    [id],
  );
}

const CLOSED = [{ state: 'withdrawn', hasNoId: true }];
const WAITS = [{ state: 'waiting', hasNoId: true }];

describe.each(HOUSES)('an application that was taken in at %s', (house) => {
  const anOfficer = async () => await appoint(await aPerson(nodes), ROLE_OF[house]);

  test('issues nothing once the access of who took it in has ended', async () => {
    const gone = await anOfficer();
    const id = await takenIn(house, gone);
    await dismiss(gone);
    expect(await decide(house, id)).toContain('came=officerGone');
    expect(await stateOf(id)).toEqual(CLOSED);
    const list = await second[house].browser.follow('/desk/waiting?came=officerGone');
    expect(list.text).toContain('kan ikke længere udstede ID’er her');
    expect(list.text).not.toContain(id);
    expect(await decide(house, id)).not.toContain('officerGone');
  });

  test('waits while it is not decided whether they go, and is issued when they stay', async () => {
    const paused = await anOfficer();
    const id = await takenIn(house, paused);
    await pause(paused);
    expect(await decide(house, id)).toContain('came=officerPaused');
    expect(await stateOf(id)).toEqual(WAITS);
    const list = await second[house].browser.follow('/desk/waiting?came=officerPaused');
    expect(list.text).toContain('har ikke adgang lige nu');
    expect(list.text).toContain(id);
    expect(await cancelEndOfRole(nodes.context, other(), await rowOf(paused))).toBe('done');
    expect(await decide(house, id)).toContain(`/desk/applications/${id}`);
    expect(await stateOf(id)).toEqual([{ state: 'issued', hasNoId: false }]);
  });

  test('is not revived by another appointment of the same person', async () => {
    const back = await anOfficer();
    const id = await takenIn(house, back);
    await appointAgain(back, ROLE_OF[house]);
    expect(await decide(house, id)).toContain('came=officerGone');
    expect(await stateOf(id)).toEqual(CLOSED);
  });

  test('can be refused all the same', async () => {
    const gone = await anOfficer();
    const id = await takenIn(house, gone);
    await dismiss(gone);
    expect(await decide(house, id, 'wrong')).toContain(`/desk/applications/${id}`);
    expect(await stateOf(id)).toEqual([{ state: 'refused', hasNoId: true }]);
  });
});

const IDENTIFICATION = { kind: 'passport', number: '201234567', expiresOn: '2035-01-31' } as const;
const REASON = 'Har mistet sit kort';
const asStaff = ({ identityId }: TestPerson) => staffOf({ staffId: identityId, role: 'officer', bank: null });
const asSecond = () => asStaff(second.borgerservice.person);

describe('what a person proposed on an appointment that has ended', () => {
  /** @returns the ids of what one officer proposes about these two people */
  async function proposals(by: TestPerson, colleague: TestPerson, citizen: TestPerson) {
    const staff = asStaff(by);
    const search = async ({ identityId }: TestPerson) =>
      await searchKnownPerson(nodes.context, staff, {
        identityId,
        why: { reason: REASON },
        form: crypto.randomUUID(),
      });
    const shown = { reason: REASON, identification: IDENTIFICATION, form: crypto.randomUUID() };
    const asked = { action: 'new-card', ...shown } as const;
    expect(await requestDeskAction(nodes.context, staff, await search(colleague), asked)).toBe('proposed');
    const cpr = composeApplication().application.applicant.cpr ?? '';
    const change = { cpr, birthdate: '1985-07-01', isCorrection: false, ...shown } as const;
    expect(await proposeCprChange(nodes.context, staff, await search(citizen), change)).toBe('done');
    const idIn = async (table: string, { identityId }: TestPerson) => {
      const [row] = await nodes.database.query<{ id: string }>(
        `SELECT id FROM ${table} WHERE identity_id = $1 AND state = 'waiting'`,
        [identityId],
      );
      return { id: row?.id ?? '', isRight: true };
    };
    return {
      action: await idIn('colleague_actions', colleague),
      change: await idIn('cpr_changes', citizen),
    };
  }

  test.each([true, false])('is done: %s', async (isSameAppointment) => {
    const by = await appoint(await aPerson(nodes), 'officer');
    const colleague = await appoint(await aPerson(nodes), 'hotline');
    const { action, change } = await proposals(by, colleague, await aPerson(nodes));
    if (!isSameAppointment) await appointAgain(by, 'officer');
    expect([
      await decideColleagueAction(nodes.context, asSecond(), action),
      await decideCprChange(nodes.context, asSecond(), change),
    ]).toEqual(isSameAppointment ? ['done', 'approved'] : ['settled', 'stale']);
  });
});
