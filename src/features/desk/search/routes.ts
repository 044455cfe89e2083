/**
 * `/desk/search`: a query with its reason. `/desk/search/:id`: the person it found, for a quarter of an hour.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { LimitReached } from '../limits.rules.ts';
import { checkReason, DESK_ACTIONS, isBirthdate } from '../../../domain/staff/desk.ts';
import { parseCaseReference, type CaseReference } from '../../../domain/issuing/caseNumber.ts';
import { isReadable, readDay } from '../../../domain/input/typedText.ts';
import { parseCardNumber } from '../../../domain/card/keyCard.ts';
import { isPermitted, type Staff } from '../../../domain/staff/staff.ts';
import { parseCpr } from '../../../domain/person/cpr.ts';
import { foldName } from '../../../domain/person/userId.ts';
import { CasePage } from './case.page.tsx';
import { searchCase, viewCase } from './searchCase.ts';
import { searchPerson, type SearchQuery } from './searchPeople.ts';
import { viewPerson } from './viewPerson.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import { PersonNotFoundPage, PersonPage, type DeskFormOutcome } from './person.page.tsx';
import {
  SEARCH_FIELDS,
  SEARCH_KINDS,
  SearchPage,
  type SearchFault,
  type SearchField,
  type SearchKind,
} from './search.page.tsx';
import { da } from '../../../ui/words/words.da.ts';
import { composeDeskFrame, createDeskRoute, type DeskDeps, type StaffAtDesk } from '../guard.ts';
import { markOverLimit } from '../limitPage.ts';
import { readNames } from '../../../domain/person/names.ts';

const PATH = '/desk/search';
type SearchInput = Readonly<Record<SearchField, string>>;
type SearchFaults = Partial<Record<SearchField, SearchFault>>;
interface SearchFormView {
  readonly typed: SearchInput;
  readonly faults: SearchFaults;
  readonly limit: LimitReached | null;
}
const BLANK_SEARCH: SearchInput = {
  by: 'cpr',
  number: '',
  cardNumber: '',
  givenName: '',
  familyName: '',
  birthdate: '',
  reason: '',
};

export function addSearchRoutes(router: Router, desk: DeskDeps): void {
  const { context } = desk;
  const show = (ctx: Context, staff: StaffAtDesk, shown: SearchFormView) => {
    sendPage(
      ctx,
      SearchPage({
        ...composeDeskFrame(desk, ctx, staff),
        kinds: listSearchKinds(staff),
        form: context.random.uuid(),
        ...shown,
      }),
    );
  };

  router.get(
    PATH,
    createDeskRoute(desk, 'search', (ctx, staff) =>
      show(ctx, staff, { typed: BLANK_SEARCH, faults: {}, limit: null }),
    ),
  );

  router.post(
    PATH,
    createDeskRoute(desk, 'search', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const typed = readSearchInput(form);
      const faults: SearchFaults = {};
      const query = readSearchQuery(staff, typed, context.clock.now(), faults);
      const reasonFault = checkReason(typed.reason);
      if (reasonFault) faults.reason = reasonFault;
      if (!query || reasonFault) return show(ctx, staff, { typed, faults, limit: null });
      const request = { reason: typed.reason.trim(), form: requireField(form, 'form') };
      const outcome =
        query.kind === 'case'
          ? await searchCase(context, staff, { ...request, reference: query.reference })
          : await searchPerson(context, staff, { ...request, query });
      if (typeof outcome === 'string') return redirectWithGet(ctx, `${PATH}/${outcome}`);
      markOverLimit(desk, ctx, outcome.limit);
      show(ctx, staff, { typed, faults, limit: outcome.limit });
    }),
  );

  router.get(
    `${PATH}/:id`,
    createDeskRoute(desk, 'search', async (ctx, staff) => {
      const id = readSearchId(ctx);
      const frame = composeDeskFrame(desk, ctx, staff);
      const found = await viewCase(context, staff, id);
      if (found) return sendPage(ctx, CasePage({ ...frame, found }));
      const person = await viewPerson(context, staff, id);
      if (person === 'over') {
        ctx.status = 404;
        return sendPage(ctx, PersonNotFoundPage({ ...frame, isOver: true }));
      }
      // Without a language switch, which names the address: "not found" must look the same as "may not be
      // seen".
      if (!person)
        return sendPage(ctx, PersonNotFoundPage({ ...frame, languageSwitch: null, isOver: false }));
      sendPage(
        ctx,
        PersonPage({ ...frame, person, searchPath: `${PATH}/${id}`, outcome: readOutcomeInQuery(ctx) }),
      );
    }),
  );
}

export function readSearchId(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['id']);
}

function readSearchInput(form: PostedForm): SearchInput {
  const typed = SEARCH_FIELDS.map((name) => [name, form.get(name) ?? '']);
  return Object.fromEntries(typed) as Record<SearchField, string>;
}

interface CaseQuery {
  readonly kind: 'case';
  readonly reference: CaseReference;
}

function listSearchKinds(staff: Staff): SearchKind[] {
  return SEARCH_KINDS.filter((kind) => kind !== 'card' || isPermitted(staff, 'proof_by_card'));
}

function readSearchQuery(
  staff: Staff,
  typed: SearchInput,
  now: Date,
  faults: SearchFaults,
): SearchQuery | CaseQuery | null {
  const by = listSearchKinds(staff).find((kind) => kind === typed.by);
  switch (by) {
    case 'cpr':
    case 'card': {
      const cpr = parseCpr(typed.number);
      const cardNumber = by === 'card' ? parseCardNumber(typed.cardNumber) : '';
      if (typeof cpr === 'string') faults.number = cpr === 'malformed' ? 'cpr_malformed' : 'cpr_impossible';
      if (cardNumber === null) faults.cardNumber = 'card_malformed';
      if (typeof cpr === 'string' || cardNumber === null) return null;
      return by === 'card' ? { kind: by, cpr: cpr.digits, cardNumber } : { kind: by, cpr: cpr.digits };
    }
    case 'id_number': {
      const idNumber = foldName(typed.number);
      if (/^[0-9]{9}$/.test(idNumber)) return { kind: 'id_number', idNumber };
      faults.number = 'id_number_malformed';
      return null;
    }
    case 'case': {
      const reference = parseCaseReference(typed.number);
      if (reference) return { kind: 'case', reference };
      faults.number = 'case_malformed';
      return null;
    }
    case 'name': {
      const { givenName, familyName } = readNames(typed);
      const birthdate = readDay(typed.birthdate);
      const isNamed = givenName !== '' || familyName !== '';
      if (!isNamed) faults.givenName = 'name_missing';
      if (!isReadable(givenName)) faults.givenName = 'name_unreadable';
      if (!isReadable(familyName)) faults.familyName = 'name_unreadable';
      if (birthdate !== null && isBirthdate(birthdate, now)) {
        const hasNameFault = faults.givenName !== undefined || faults.familyName !== undefined;
        return hasNameFault ? null : { kind: 'name', givenName, familyName, birthdate };
      }
      faults.birthdate = 'birthdate_malformed';
      return null;
    }
    case undefined:
      faults.by = 'kind_missing';
      return null;
  }
}

/** The outcome of the form before this page; any other value of the query is ignored. */
function readOutcomeInQuery({ query }: Context): DeskFormOutcome | null {
  if (query['has-id'] === '1') return 'has_id';
  if (query['cpr'] === 'proposed') return 'cpr_proposed';
  const action = DESK_ACTIONS.find((one) => one === query['deed']);
  const { came: outcome } = query;
  if (!action || typeof outcome !== 'string') return null;
  if (outcome === 'done' || outcome === 'gone' || outcome === 'proposed' || outcome === 'already_proposed') {
    return { action, outcome };
  }
  const { refused } = da.deskSearch.action;
  return Object.hasOwn(refused, outcome) ? { action, outcome: outcome as keyof typeof refused } : null;
}
