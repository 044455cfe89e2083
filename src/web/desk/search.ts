/** `/desk/search`: a question with its reason, and `/desk/search/:id`, what it found, for a quarter of an hour. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { LimitReached } from '../../core/desk/limits.ts';
import { checkReason, DESK_DEEDS, isBirthdate } from '../../core/desk.ts';
import { isReadable, readDay } from '../../core/input/typedText.ts';
import { parseCpr } from '../../core/issuing/cpr.ts';
import { foldName } from '../../core/userId.ts';
import { searchPerson, type Sought } from '../../usecases/desk/search.ts';
import { viewPerson } from '../../usecases/desk/viewPerson.ts';
import { field, type Form } from '../forms.ts';
import { seeOther, sendPage } from '../page.ts';
import { NobodyPage, PersonPage, type Came } from '../pages/desk/person.tsx';
import { SEARCH_FIELDS, SearchPage, type SearchFault, type SearchField } from '../pages/desk/search.tsx';
import { da } from '../text/da.ts';
import { deskFrame, deskRoute, type Desk, type StaffAtDesk } from './guard.ts';
import { markOverLimit } from './limit.ts';
import { readNames } from '../../core/issuing/names.ts';

const PATH = '/desk/search';
type Typed = Readonly<Record<SearchField, string>>;
type Faults = Partial<Record<SearchField, SearchFault>>;
interface Shown {
  readonly typed: Typed;
  readonly faults: Faults;
  readonly limit: LimitReached | null;
}
const BLANK: Typed = { by: 'cpr', number: '', givenName: '', familyName: '', birthdate: '', reason: '' };

export function addSearchRoutes(router: Router, desk: Desk): void {
  const { world } = desk;
  const show = (ctx: Context, staff: StaffAtDesk, shown: Shown) => {
    sendPage(ctx, SearchPage({ ...deskFrame(desk, ctx, staff), form: world.dice.uuid(), ...shown }));
  };

  router.get(
    PATH,
    deskRoute(desk, 'search', (ctx, staff) => show(ctx, staff, { typed: BLANK, faults: {}, limit: null })),
  );

  router.post(
    PATH,
    deskRoute(desk, 'search', async (ctx, staff) => {
      const form = await desk.site.readForm(ctx, staff);
      const typed = typedIn(form);
      const faults: Faults = {};
      const sought = readSought(typed, world.clock.now(), faults);
      const reasonFault = checkReason(typed.reason);
      if (reasonFault) faults.reason = reasonFault;
      if (!sought || reasonFault) return show(ctx, staff, { typed, faults, limit: null });
      const asked = { sought, reason: typed.reason.trim(), form: field(form, 'form') };
      const came = await searchPerson(world, staff, asked);
      if (typeof came === 'string') return seeOther(ctx, `${PATH}/${came}`);
      markOverLimit(desk, ctx, came.limit);
      show(ctx, staff, { typed, faults, limit: came.limit });
    }),
  );

  router.get(
    `${PATH}/:id`,
    deskRoute(desk, 'search', async (ctx, staff) => {
      const id = searchIdOf(ctx);
      const person = await viewPerson(world, staff, id);
      const frame = deskFrame(desk, ctx, staff);
      if (person === 'over') {
        ctx.status = 404;
        return sendPage(ctx, NobodyPage({ ...frame, isOver: true }));
      }
      // Without its own address: who was not found must look like who may not be seen.
      if (!person) return sendPage(ctx, NobodyPage({ ...frame, languageSwitch: null, isOver: false }));
      sendPage(ctx, PersonPage({ ...frame, person, searchPath: `${PATH}/${id}`, came: cameIn(ctx) }));
    }),
  );
}

export function searchIdOf(ctx: Context): string {
  return String((ctx['params'] as Record<string, string>)['id']);
}

function typedIn(form: Form): Typed {
  const typed = SEARCH_FIELDS.map((name) => [name, form.get(name) ?? '']);
  return Object.fromEntries(typed) as Record<SearchField, string>;
}

function readSought(typed: Typed, now: Date, faults: Faults): Sought | null {
  switch (typed.by) {
    case 'cpr': {
      const cpr = parseCpr(typed.number);
      if (typeof cpr !== 'string') return { kind: 'cpr', cpr: cpr.digits };
      faults.number = cpr === 'malformed' ? 'cpr_malformed' : 'cpr_impossible';
      return null;
    }
    case 'id_number': {
      const idNumber = foldName(typed.number);
      if (/^[0-9]{9}$/.test(idNumber)) return { kind: 'id_number', idNumber };
      faults.number = 'id_number_malformed';
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
        const isAtFault = faults.givenName !== undefined || faults.familyName !== undefined;
        return isAtFault ? null : { kind: 'name', givenName, familyName, birthdate };
      }
      faults.birthdate = 'birthdate_malformed';
      return null;
    }
    default:
      faults.by = 'kind_missing';
      return null;
  }
}

/** What the form before this page came to; anything else in the query says nothing. */
function cameIn({ query }: Context): Came | null {
  if (query['has-id'] === '1') return 'has_id';
  if (query['cpr'] === 'proposed') return 'cpr_proposed';
  const deed = DESK_DEEDS.find((one) => one === query['deed']);
  const { came } = query;
  if (!deed || typeof came !== 'string') return null;
  if (came === 'done' || came === 'gone' || came === 'proposed' || came === 'already_proposed') {
    return { deed, came };
  }
  const { refused } = da.deskSearch.deed;
  return Object.hasOwn(refused, came) ? { deed, came: came as keyof typeof refused } : null;
}
