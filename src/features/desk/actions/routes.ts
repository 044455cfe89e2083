/** `/desk/search/:id/<action>`: a form for each action on an ID that was looked up. */
import type Router from '@koa/router';
import type { Context } from 'koa';
import {
  PERMISSION_OF,
  checkReason,
  DESK_ACTIONS,
  requiresCardKey,
  requiresIdentification,
  type DeskAction,
} from '../../../domain/staff/desk.ts';
import { parseKey } from '../../../domain/card/keyCard.ts';
import type { SubmittedCardKey } from '../../authentication/index.ts';
import { isDeskKeyRefusal, readDeskChallenge } from './cardKey.ts';
import { isCardFormat } from '../../../domain/card/cardFormat.ts';
import type { Identification } from '../../../domain/issuing/identification.ts';
import { readIdentificationFields } from '../../../domain/issuing/deskForm.ts';
import type { ActionOnCitizen } from '../../../domain/staff/staff.ts';
import { readDeskCardFormats } from './cardFormats.ts';
import type { DeskCardFormats } from './cardFormat.page.tsx';
import type { LimitReached } from '../limits.rules.ts';
import { recordDeskRefusal } from '../refusals/deskRefusals.ts';
import { requestDeskAction, type DeskActionRequest } from '../requestDeskAction.ts';
import { viewPerson, type PersonView } from '../search/viewPerson.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { redirectWithGet, sendPage } from '../../../ui/page.ts';
import {
  DESK_ACTION_FIELDS,
  DeskActionPage,
  OwnIdPage,
  type DeskActionFault,
  type DeskActionField,
} from './action.page.tsx';
import { readDeskCodeToken } from './deskCodeToken.ts';
import { findGuardianCheck } from './guardian.ts';
import { BLANK_GUARDIAN, readTypedGuardian, type GuardianCheck } from './guardian.rules.ts';
import { composeReason } from './reasons.rules.ts';
import { composeDeskCreation, readDeskCreation, type TypedCreation } from './securityKeyAtDesk.ts';
import { PersonNotFoundPage } from '../search/person.page.tsx';
import {
  composeDeskFrame,
  createDeskRoute,
  requireStaff,
  type DeskDeps,
  type StaffAtDesk,
} from '../guard.ts';
import { markOverLimit } from '../limitPage.ts';
import { readSearchId } from '../search/routes.ts';

type DeskActionInput = Readonly<Record<DeskActionField, string>>;
type DeskActionFaults = Partial<Record<DeskActionField, DeskActionFault>>;
const BLANK_ACTION_FORM: DeskActionInput = {
  why: '',
  reason: '',
  idKind: '',
  idNumber: '',
  idExpires: '',
  idMatches: '',
  ...BLANK_GUARDIAN,
  key: '',
  serialNumber: '',
  code: '',
  nextCode: '',
};

export function addDeskActionRoutes(router: Router, desk: DeskDeps): void {
  for (const action of DESK_ACTIONS) {
    const path = `/desk/search/:id/${action}`;
    router.get(
      path,
      createDeskRoute(desk, PERMISSION_OF[action], async (ctx, staff) => {
        const person = await findPersonToActOn(desk, ctx, staff, PERMISSION_OF[action]);
        if (!person) return;
        if (!person.actions.includes(action))
          return redirectWithGet(ctx, composeOutcomePath(ctx, action, 'gone'));
        await showDeskActionForm(desk, ctx, staff, {
          person,
          action,
          typed: BLANK_ACTION_FORM,
          faults: {},
          limit: null,
          guardian: await findGuardianCheck(desk.context, staff, action, person.identityId),
          cardFormats: await readDeskCardFormats(desk.context, action, person.identityId),
          creation: null,
        });
      }),
    );
    router.post(
      path,
      createDeskRoute(desk, PERMISSION_OF[action], async (ctx, staff) => {
        const form = await desk.site.readForm(ctx, staff);
        const person = await findPersonToActOn(desk, ctx, staff, PERMISSION_OF[action]);
        if (!person) return;
        const typed = readDeskActionInput(form);
        const { reasonChoices } = composeDeskFrame(desk, ctx, staff).t.deskSearch.action;
        const reason = composeReason(action, typed, reasonChoices);
        const checked = checkDeskActionInput(desk, action, typed, reason);
        const guardian = await findGuardianCheck(desk.context, staff, action, person.identityId);
        const present = guardian && checkGuardian(desk, guardian, typed, checked.identification);
        const sent = { action, identityId: person.identityId, form: requireField(form, 'form') };
        const typedFaults = { ...checked.faults, ...present?.faults };
        const isComplete = Object.keys(typedFaults).length === 0;
        const device = isComplete
          ? await readDeskCodeToken(desk.context, sent, typed)
          : { token: null, faults: {} };
        const faults: DeskActionFaults = { ...typedFaults, ...device.faults };
        const posted = form.get('cardFormat');
        const cardFormat = action === 'new-card' && isCardFormat(posted) ? posted : null;
        const cardFormats = await readDeskCardFormats(desk.context, action, person.identityId, cardFormat);
        const created =
          action === 'add-security-key' ? await readDeskCreation(desk, staff, person.identityId, form) : null;
        const creation = created?.shown ?? null;
        const shown = { person, action, typed, faults, limit: null, guardian, cardFormats, creation };
        if (Object.keys(faults).length > 0 || (created && !created.securityKey))
          return await showDeskActionForm(desk, ctx, staff, shown);
        const request = {
          action,
          reason,
          identification: checked.identification,
          cardKey: requiresCardKey(action) ? readCardKey(form) : null,
          cardFormat,
          securityKey: created?.securityKey ?? null,
          codeToken: device.token,
          guardian: present?.guardian ?? null,
          form: sent.form,
        };
        const unperformed = await performDeskAction(desk, ctx, staff, request);
        if (unperformed) await showDeskActionForm(desk, ctx, staff, { ...shown, ...unperformed });
      }),
    );
  }
}

/** Returns null when the response is already sent: no one was found, or the ID is the caller's own. */
export async function findPersonToActOn(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  what: ActionOnCitizen,
): Promise<PersonView | null> {
  const person = await viewPerson(desk.context, staff, readSearchId(ctx), what);
  if (person && person !== 'over' && !person.isOneself) return person;
  if (person && person !== 'over') {
    const { identityId } = person;
    await recordDeskRefusal(desk.context, staff, { what, why: 'own_id', identityId });
  }
  refuseOwnId(desk, ctx, staff, person === 'over' ? 'over' : person ? 'own_id' : 'nobody');
  return null;
}

export function refuseOwnId(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  why: 'over' | 'nobody' | 'own_id',
): void {
  const frame = { ...composeDeskFrame(desk, ctx, staff), languageSwitch: null };
  ctx.status = why === 'own_id' ? 403 : 404;
  sendPage(
    ctx,
    why === 'own_id' ? OwnIdPage(frame) : PersonNotFoundPage({ ...frame, isOver: why === 'over' }),
  );
}

interface UnperformedAction {
  readonly limit: LimitReached | null;
  readonly faults: DeskActionFaults;
}

/**
 * @returns the limit that is reached, or what is wrong with the key: then nothing is done and no response is
 *   sent yet; null otherwise.
 */
async function performDeskAction(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  request: DeskActionRequest,
): Promise<UnperformedAction | null> {
  const outcome = await requestDeskAction(desk.context, staff, readSearchId(ctx), request);
  if (isDeskKeyRefusal(outcome)) return { limit: null, faults: { key: outcome.fault } };
  if (typeof outcome !== 'string') {
    markOverLimit(desk, ctx, outcome.limit);
    return { limit: outcome.limit, faults: {} };
  }
  switch (outcome) {
    case 'over':
    case 'nobody':
    case 'own_id':
      refuseOwnId(desk, ctx, staff, outcome);
      break;
    case 'other_bank':
      refuseOwnId(desk, ctx, staff, 'nobody');
      break;
    case 'not_your_role':
      await requireStaff(desk, ctx, PERMISSION_OF[request.action]);
      break;
    default:
      redirectWithGet(ctx, composeOutcomePath(ctx, request.action, outcome));
  }
  return null;
}

function composeOutcomePath(ctx: Context, action: DeskAction, outcome: string): string {
  return `/desk/search/${readSearchId(ctx)}?deed=${action}&came=${outcome}`;
}

interface DeskActionView {
  readonly person: PersonView;
  readonly action: DeskAction;
  readonly typed: DeskActionInput;
  readonly faults: DeskActionFaults;
  readonly limit: LimitReached | null;
  readonly guardian: GuardianCheck | null;
  readonly cardFormats: DeskCardFormats | null;
  /** What was typed and refused of a security key; null for a first page. */
  readonly creation: TypedCreation | null;
}

async function showDeskActionForm(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  { person, creation: typedCreation, ...shown }: DeskActionView,
): Promise<void> {
  const { random, rules } = desk.context;
  const needsKey = requiresCardKey(shown.action);
  const challenge = needsKey ? await readDeskChallenge(desk.context, person.identityId) : null;
  // The card was blocked since, or its last key is spent.
  if (needsKey && !challenge) return redirectWithGet(ctx, composeOutcomePath(ctx, shown.action, 'no_card'));
  const creation =
    shown.action === 'add-security-key'
      ? await composeDeskCreation(desk, staff, person, typedCreation)
      : null;
  const page = {
    ...composeDeskFrame(desk, ctx, staff),
    ...shown,
    challenge,
    creation,
    name: person.name,
    searchPath: `/desk/search/${readSearchId(ctx)}`,
    kinds: rules.identification,
    form: random.uuid(),
  };
  sendPage(ctx, DeskActionPage(page));
}

function readCardKey(form: PostedForm): SubmittedCardKey {
  const [cardNumber, keyNumber, key] = ['cardNumber', 'keyNumber', 'key'].map((name) => form.get(name) ?? '');
  return { cardNumber: cardNumber ?? '', keyNumber: keyNumber ?? '', key: key ?? '' };
}

function readDeskActionInput(form: PostedForm): DeskActionInput {
  return Object.fromEntries(DESK_ACTION_FIELDS.map((name) => [name, form.get(name) ?? ''])) as Record<
    DeskActionField,
    string
  >;
}

function checkGuardian(
  { context }: DeskDeps,
  check: GuardianCheck,
  typed: DeskActionInput,
  ofPerson: Identification | null,
) {
  return readTypedGuardian(check, typed, {
    kinds: context.rules.identification,
    now: context.clock.now(),
    ofPerson,
  });
}

function checkDeskActionInput(
  { context }: DeskDeps,
  action: DeskAction,
  typed: DeskActionInput,
  composed: string,
) {
  const faults: DeskActionFaults = {};
  const reason = checkReason(composed);
  if (!requiresIdentification(action)) {
    if (reason) faults.reason = reason;
    return { identification: null, faults };
  }
  const { identification, fault } = readIdentificationFields(typed, {
    kinds: context.rules.identification,
    now: context.clock.now(),
  });
  if (fault) faults[fault.field] = fault.fault;
  if (typed.idMatches !== 'yes') faults.idMatches = 'not_matching';
  if (requiresCardKey(action) && parseKey(typed.key) === null) faults.key = 'key_malformed';
  if (reason) faults.reason = reason;
  return { identification, faults };
}
