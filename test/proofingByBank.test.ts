/**
 * A bank proofs an ID that was ordered online. It is no bank's, so a clerk finds it by CPR number and card
 * number together, and does nothing else with it. By a CPR number alone no bank learns that there is one.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { rulesSchema } from '../src/domain/rules.ts';
import { DESK_ACTIONS } from '../src/domain/staff/desk.ts';
import { prepareDeskKey } from '../src/features/desk/actions/cardKey.ts';
import { proofIdentity } from '../src/features/desk/actions/proofIdentity.ts';
import {
  aPerson,
  type BrowserPage,
  type CounterSession,
  hiddenFields,
  keyOnPage,
  openCounterSession,
  openDesk,
  type Operators,
  REASON,
  SHOWN,
  signInAt,
  takeOut,
  TestBrowser,
  type TestPerson,
  useNodes,
} from './support/index.ts';

const MOST = 14;
const nodes = useNodes({ count: 2, rules: rulesSchema.parse({ staff: { lookUpsPerDay: MOST } }) });
let bank: string;
let operators: Operators;
beforeAll(async () => {
  ({ bank, operators } = await openDesk(nodes));
});

const aClerk = async () => await openCounterSession(nodes, operators, 'bank_clerk', bank);
const anInge = async () => await aPerson(nodes, { givenName: 'Inge', proofing: 'Low', issuedBy: 'online' });

type Card = Pick<TestPerson, 'cpr' | 'cardNumber'>;
const searchByCard = async (who: CounterSession, { cpr, cardNumber }: Card) =>
  await who.search({ by: 'card', number: cpr, cardNumber });
const pathOf = (page: BrowserPage) => new URL(page.url).pathname;

async function sendProof(who: CounterSession, form: BrowserPage): Promise<BrowserPage> {
  const fields = { ...SHOWN, why: 'present', reason: '', key: await keyOnPage(nodes, form) };
  return await who.follow(await who.post(pathOf(form), fields, form));
}

/** A page without what is random in it. */
function masked({ status, text }: BrowserPage): unknown {
  const page = text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…').replaceAll(/value="[^"]{20,}"/g, '…');
  return { status, page };
}

const query = async <Row extends object>(text: string, values: unknown[]) =>
  await nodes.database.query<Row>(text, values);
const kindsOf = async ({ identityId }: TestPerson) =>
  (await query<{ kind: string }>('SELECT kind FROM audit_events WHERE identity_id = $1', [identityId])).map(
    ({ kind }) => kind,
  );
const identityOf = async ({ identityId }: TestPerson) =>
  (
    await query<{ proofing: string; issued_by: string; blocked: boolean }>(
      'SELECT proofing, issued_by, blocked_at IS NOT NULL AS blocked FROM identities WHERE id = $1',
      [identityId],
    )
  )[0];

describe('by CPR number and card number', () => {
  test('a clerk proofs the ID in a minute, and it is no bank’s after that either', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    // By the CPR number alone there is no one.
    expect((await clerk.find(inge)).page).toBe('desk-nobody');
    const found = await searchByCard(clerk, {
      cpr: `${inge.cpr.slice(0, 6)}-${inge.cpr.slice(6)}`,
      cardNumber: inge.cardNumber.toLowerCase(),
    });
    expect([found.page, found.text.includes(inge.fullName)]).toEqual(['desk-person', true]);
    expect(found.text).toContain('Ikke set endnu: ID’et er bestilt på nettet');
    const shown = (found.text.split('<main')[1] ?? '').split('</main')[0] ?? '';
    for (const hidden of ['Prøvegade', '1985', inge.cardNumber, inge.idNumber, 'Adresse', 'Breve', 'Født'])
      expect([hidden, shown.includes(hidden)]).toEqual([hidden, false]);
    expect(shown.match(/href="[^"]*\/search\/[^"/]+\/([a-z-]+)"/g)).toHaveLength(1);

    const form = await clerk.browser.follow(`${pathOf(found)}/proof-identity`);
    const done = await sendProof(clerk, form);
    expect([new URL(done.url).searchParams.get('came'), done.text.includes('Er set')]).toEqual([
      'done',
      true,
    ]);
    expect(await identityOf(inge)).toEqual({ proofing: 'Substantial', issued_by: 'online', blocked: false });
    const notices = await query<{ kind: string }>('SELECT kind FROM notices WHERE identity_id = $1', [
      inge.identityId,
    ]);
    expect(notices.map(({ kind }) => kind)).toContain('id_proofed');
    const [event] = await query<{ details: object }>(
      `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'identity_proofed'`,
      [inge.identityId],
    );
    expect(event?.details).toMatchObject({
      staffId: clerk.person.identityId,
      identification: { kind: 'passport' },
      cardNumber: inge.cardNumber.replaceAll('-', ''),
    });

    // Sent again it is one; nothing else is offered, and another search finds no one.
    expect(new URL((await sendProof(clerk, form)).url).searchParams.get('came')).toBe('done');
    expect((await kindsOf(inge)).filter((kind) => kind === 'identity_proofed')).toHaveLength(1);
    expect((await searchByCard(clerk, inge)).page).toBe('desk-nobody');
    // The person reads it in their own log.
    const atHome = new TestBrowser(nodes);
    await signInAt(atHome, inge, '/self-service');
    const log = (await atHome.follow('/self-service/activity')).text;
    for (const says of [
      'slog dig op med dit CPR-nummer og et kortnummer.',
      'søgte efter dig med dit CPR-nummer og et kortnummer, men fik ikke noget at se.',
      'så din legitimation',
    ])
      expect([says, log.includes(says)]).toEqual([says, true]);
  });

  test('anything else is found none, with the same page, and in the log of whose CPR number it is', async () => {
    const clerk = await aClerk();
    const none = masked(await searchByCard(clerk, { cpr: '0101701234', cardNumber: 'A000000000' }));
    const [inge, other, blocked, coming, colleague] = [
      await anInge(),
      await anInge(),
      await anInge(),
      await anInge(),
      await anInge(),
    ];
    await query('UPDATE identities SET blocked_at = now() WHERE id = $1', [blocked.identityId]);
    await query(`UPDATE key_cards SET state = 'ordered' WHERE identity_id = $1`, [coming.identityId]);
    await query(
      `INSERT INTO staff (id, identity_id, role, proposed_by, proposed_at, approved_by, approved_at)
       SELECT gen_random_uuid(), $1, 'hotline', $2, now(), $3, now()`,
      [colleague.identityId, operators.first.identityId, operators.second.identityId],
    );
    const cases: Readonly<Record<string, Card & { readonly person: TestPerson }>> = {
      wrong: { person: inge, cpr: inge.cpr, cardNumber: 'A000000000' },
      'the card of another': { person: inge, cpr: inge.cpr, cardNumber: other.cardNumber },
      blocked: { person: blocked, ...blocked },
      'on its way': { person: coming, ...coming },
      'a member of staff': { person: colleague, ...colleague },
      ...Object.fromEntries(
        await Promise.all(
          (
            [
              ['issued at a desk', { proofing: 'Low', issuedBy: 'borgerservice' }],
              ['issued by another bank', { proofing: 'Low', issuedBy: 'another-bank' }],
              ['proofed already', { proofing: 'Substantial', issuedBy: 'online' }],
            ] as const
          ).map(async ([name, given]) => {
            const person = await aPerson(nodes, given);
            return [name, { ...person, person }] as const;
          }),
        ),
      ),
    };
    for (const [name, { person, ...card }] of Object.entries(cases)) {
      const page = await searchByCard(clerk, card);
      expect([name, page.page, masked(page)]).toEqual([name, 'desk-nobody', none]);
      const form = await clerk.browser.request(`${pathOf(page)}/proof-identity`);
      expect([name, form.status, form.page]).toEqual([name, 404, 'desk-nobody']);
      const [event] = await query<{ details: object }>(
        `SELECT details FROM audit_events WHERE identity_id = $1 AND kind = 'searched_by_staff'`,
        [person.identityId],
      );
      expect([name, event?.details]).toEqual([
        name,
        {
          staffId: clerk.person.identityId,
          role: 'bank_clerk',
          reason: 'Henvendelse ved skranken',
          shown: false,
          cardSearchId: expect.any(String),
        },
      ]);
    }
    // The one whose card it was is not who was searched for.
    expect((await kindsOf(other)).includes('searched_by_staff')).toBe(false);
  });

  test('control: without the card in SQL a wrong card number finds the ID', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    const repair = takeOut(nodes, "AND c.card_number = $2 AND c.state = 'active'", 'AND $2 <> $3');
    const found = await searchByCard(clerk, { cpr: inge.cpr, cardNumber: 'A000000000' });
    repair();
    expect(found.page).toBe('desk-person');
  });

  test('no other action, also by a hand-made form, before the proofing and after it', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    const path = pathOf(await searchByCard(clerk, inge));
    const before = await identityOf(inge);
    const others = DESK_ACTIONS.filter((action) => action !== 'proof-identity');
    const tryAll = async () => {
      for (const action of others) {
        const fields = { form: crypto.randomUUID(), ...REASON, ...SHOWN, why: 'present' };
        const answers = [
          await clerk.browser.request(`${path}/${action}`),
          await clerk.post(`${path}/${action}`, fields),
        ];
        for (const { status, text } of answers)
          expect([action, [403, 404].includes(status), text.includes(inge.fullName)]).toEqual([
            action,
            true,
            false,
          ]);
      }
    };
    await tryAll();
    expect(await identityOf(inge)).toEqual(before);
    await sendProof(clerk, await clerk.browser.follow(`${path}/proof-identity`));
    await tryAll();
    expect(await identityOf(inge)).toEqual({ ...before, proofing: 'Substantial' });
    const did = new Set(await kindsOf(inge));
    for (const kind of did)
      expect([
        'identity_issued',
        'card_issued',
        'searched_by_staff',
        'refused_at_desk',
        'identity_proofed',
      ]).toContain(kind);
    expect(did.has('refused_at_desk')).toBe(true);
    // A block, or becoming a member of staff, ends what the search shows.
    await query('UPDATE identities SET blocked_at = now() WHERE id = $1', [inge.identityId]);
    expect((await clerk.browser.follow(path)).page).toBe('desk-nobody');
  });

  test('only by a clerk, with a right form, and by their own search of that kind', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    const officer = await openCounterSession(nodes, operators, 'officer');
    const field = 'name="cardNumber"';
    expect((await clerk.browser.request('/desk/search')).text).toContain(field);
    expect((await officer.browser.request('/desk/search')).text).not.toContain(field);
    expect((await searchByCard(officer, inge)).text).toContain('Vælg, hvad du søger efter');
    for (const cardNumber of ['', 'A12345678', 'O123456789', '1234567890', 'x'.repeat(500)]) {
      const page = await searchByCard(clerk, { cpr: inge.cpr, cardNumber });
      expect([cardNumber, page.status, page.page]).toEqual([cardNumber, 200, 'desk-search']);
      expect(page.text).toContain('Et kortnummer er et bogstav og ni cifre');
    }
    expect(await kindsOf(inge)).not.toContain('searched_by_staff');
    // A search of another kind that shows the ID, as of an officer who is a clerk since, does not serve.
    const found = await officer.find(inge);
    await query('UPDATE desk_searches SET staff_id = $2 WHERE id = $1', [
      pathOf(found).split('/').at(-1),
      clerk.person.identityId,
    ]);
    expect((await clerk.browser.follow(pathOf(found))).page).toBe('desk-nobody');
    expect((await clerk.browser.request(`${pathOf(found)}/proof-identity`)).page).toBe('desk-nobody');
  });

  test('each guess is a look-up, and the limit of the day ends them', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    for (let guess = 0; guess < MOST; guess += 1) {
      const page = await searchByCard(clerk, { ...inge, cardNumber: `A00000000${guess % 10}`.slice(0, 10) });
      expect(page.page).toBe('desk-nobody');
    }
    const over = await searchByCard(clerk, inge);
    expect([over.page, over.text.includes(inge.fullName)]).toEqual(['desk-search', false]);
    expect(await kindsOf(inge)).toContain('refused_at_desk');
  });

  test('not once the person is a member of staff; in the transaction a refusal spends no key', async () => {
    const [clerk, inge] = [await aClerk(), await anInge()];
    const found = await searchByCard(clerk, inge);
    const form = await clerk.browser.follow(`${pathOf(found)}/proof-identity`);
    const { cardNumber = '', keyNumber = '' } = hiddenFields(form);
    const typed = { cardNumber, keyNumber, key: await keyOnPage(nodes, form) };
    const deed = crypto.randomUUID();
    const key = await prepareDeskKey(nodes.context, inge.identityId, typed, deed);
    if ('fault' in key) throw new Error(key.fault);
    const by = { by: 'staff', staffId: clerk.person.identityId, reason: 'Ny kunde', deed } as const;
    const refuse = async () => await Promise.resolve('other_bank' as const);
    expect(await proofIdentity(nodes.context, inge.identityId, key, by, refuse)).toBe('other_bank');
    const [card] = await query<{ spent: number }>(
      'SELECT bit_count(spent)::int AS spent FROM key_cards WHERE identity_id = $1',
      [inge.identityId],
    );
    expect(card?.spent).toBe(0);
    await query(
      `INSERT INTO staff (id, identity_id, role, proposed_by, proposed_at, approved_by, approved_at)
       SELECT gen_random_uuid(), $1, 'hotline', $2, now(), $3, now()`,
      [inge.identityId, operators.first.identityId, operators.second.identityId],
    );
    const refused = await sendProof(clerk, form);
    expect([refused.page, (await identityOf(inge))?.proofing]).toEqual(['desk-nobody', 'Low']);
  });
});
