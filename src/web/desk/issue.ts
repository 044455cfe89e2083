/**
 * `/desk/issue`: one form, the same once more to look it over, and the deed. Nothing is kept in between: every page
 * carries all of it, so that a form left open over a restart or a sign-out loses nothing.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { LimitReached } from '../../core/desk/limits.ts';
import { checkReason } from '../../core/desk.ts';
import {
  BLANK_DESK_FORM,
  DESK_FIELDS,
  readDeskForm,
  type DeskFaults,
  type DeskField,
  type DeskTyped,
} from '../../core/issuing/deskForm.ts';
import { issue, prepareIssue, sayItIs, type Issued, type Prepared } from '../../usecases/desk/issue.ts';
import { UUID } from '../../usecases/desk/uuids.ts';
import type { World } from '../../usecases/world.ts';
import { field, isSameText, readForm, type Form } from '../forms.ts';
import { writeDate } from '../language.ts';
import { frameOf, seeOther, sendPage } from '../page.ts';
import { HasIdPage, IssuePage, KeptPage, LooksLikePage, type KeptWhy } from '../pages/desk/issue.tsx';
import { IssueCheckPage } from '../pages/desk/issueCheck.tsx';
import { keepTyped, Trouble } from '../trouble.ts';
import { deskFrame, deskRoute, type Desk, type StaffAtDesk } from './guard.ts';
import { markOverLimit } from './limit.ts';

const PATH = '/desk/issue';

export function addIssueRoutes(router: Router, desk: Desk): void {
  const { world } = desk;
  router.get(
    PATH,
    deskRoute(desk, 'issue', (ctx, staff) => {
      const application = world.dice.uuid();
      showForm(desk, ctx, staff, { application, typed: BLANK_DESK_FORM, ...NOTHING_WRONG });
    }),
  );

  const take = deskRoute(desk, 'issue', async (ctx, staff) => {
    const form = await readForm(ctx);
    const application = field(form, 'application');
    if (!UUID.test(application)) throw new Trouble(400, 'bad_form');
    const csrf = csrfOf(world, staff, application);
    if (!isSameText(csrf, field(form, 'csrf'))) throw new Trouble(403, 'bad_form');
    await goOn(desk, ctx, staff, { application, form, typed: typedIn(form) });
  });
  router.post(PATH, async (ctx, next) => {
    const form = await readForm(ctx);
    keepTyped(ctx, (why) => keptPage(desk, ctx, form, why));
    if (await desk.site.find(ctx)) return await take(ctx, next);
    ctx.status = 401;
    sendPage(ctx, keptPage(desk, ctx, form, 'signed_out'));
  });
}

interface Step {
  readonly application: string;
  readonly form: Form;
  readonly typed: DeskTyped;
}

async function goOn(desk: Desk, ctx: Context, staff: StaffAtDesk, step: Step): Promise<void> {
  const { application, form, typed } = step;
  const what = field(form, 'step');
  if (!['check', 'change', 'send', 'who'].includes(what)) throw new Trouble(400, 'bad_form');
  if (what === 'change') return showForm(desk, ctx, staff, { ...step, ...NOTHING_WRONG });

  const { rules, clock } = desk.world;
  const read = readDeskForm(typed, { kinds: rules.identification, now: clock.now() });
  // Why the person is looked up comes first: without it nothing is looked up.
  const reasonFault = checkReason(typed.reason);
  if ('faults' in read || reasonFault) {
    const faults = {
      ...(reasonFault ? { reason: reasonFault } : {}),
      ...('faults' in read ? read.faults : {}),
    };
    return showForm(desk, ctx, staff, { ...step, ...NOTHING_WRONG, faults });
  }
  const isSomebodyElse = what === 'who' && form.get('who') === 'other';
  const reason = typed.reason.trim();
  const asked = { id: application, form: read.form, reason, isSomebodyElse };
  const prepared = await prepareIssue(desk.world, { staff, register: desk.register }, asked);
  if (prepared.kind === 'over_limit') return showLimit(desk, ctx, staff, step, prepared.limit);
  if (prepared.kind === 'name_differs') {
    const faults = { givenName: 'name_differs' } as const;
    return showForm(desk, ctx, staff, { ...step, ...NOTHING_WRONG, faults, nameDiffers: true });
  }
  if (what === 'check') return showCheck(desk, ctx, staff, step, prepared);
  await send(desk, ctx, staff, step, prepared);
}

async function send(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  step: Step,
  { submission }: Prepared,
): Promise<void> {
  const who = step.form.get('who');
  const isSame = who !== undefined && who !== 'other';
  const sent = { submission, reason: step.typed.reason.trim() };
  const issued = isSame ? await sayItIs(desk.world, staff, sent, who) : await issue(desk.world, staff, sent);
  // Nobody was chosen of those who were shown.
  await tell(desk, ctx, staff, step, issued ?? (await issue(desk.world, staff, sent)), issued === null);
}

async function tell(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  step: Step,
  issued: Issued,
  isMissing: boolean,
): Promise<void> {
  const { application, typed } = step;
  const frame = deskFrame(desk, ctx, staff);
  switch (issued.kind) {
    case 'decided':
      return seeOther(ctx, `/desk/applications/${application}`);
    case 'has_id':
      if (issued.searchId !== null) return seeOther(ctx, `/desk/search/${issued.searchId}?has-id=1`);
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'has_id' }));
    case 'for_borgerservice':
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'maybe' }));
    case 'changed':
      return showForm(desk, ctx, staff, {
        application,
        typed,
        ...NOTHING_WRONG,
        faults: { givenName: 'name_differs' },
        nameDiffers: true,
      });
    case 'over_limit':
      return showLimit(desk, ctx, staff, step, issued.limit);
    case 'another_waits':
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'waits' }));
    case 'looks_like': {
      const people = issued.people.map(({ birthdate, ...one }) => {
        return { ...one, born: writeDate(birthdate, frame.language) };
      });
      const csrf = csrfOf(desk.world, staff, application);
      return sendPage(ctx, LooksLikePage({ ...frame, application, csrf, typed, people, isMissing }));
    }
  }
}

interface Shown {
  readonly application: string;
  readonly typed: DeskTyped;
  readonly faults: DeskFaults;
  readonly nameDiffers: boolean;
  readonly limit: LimitReached | null;
}

const NOTHING_WRONG = { faults: {}, nameDiffers: false, limit: null } as const;

function showLimit(desk: Desk, ctx: Context, staff: StaffAtDesk, step: Step, limit: LimitReached): void {
  markOverLimit(desk, ctx, limit);
  const { application, typed } = step;
  showForm(desk, ctx, staff, { application, typed, ...NOTHING_WRONG, limit });
}

function showForm(desk: Desk, ctx: Context, staff: StaffAtDesk, shown: Shown): void {
  const { application, typed, faults, nameDiffers, limit } = shown;
  const csrf = csrfOf(desk.world, staff, application);
  const kinds = desk.world.rules.identification;
  const frame = deskFrame(desk, ctx, staff);
  sendPage(ctx, IssuePage({ ...frame, application, csrf, typed, faults, nameDiffers, limit, kinds }));
}

function showCheck(
  desk: Desk,
  ctx: Context,
  staff: StaffAtDesk,
  { application, typed }: Step,
  { submission, verdict, registeredName }: Prepared,
): void {
  const csrf = csrfOf(desk.world, staff, application);
  const kinds = desk.world.rules.identification;
  const isRegisteredName = registeredName !== null;
  const frame = deskFrame(desk, ctx, staff);
  const page = { ...frame, application, csrf, typed, submission, verdict, isRegisteredName, kinds };
  sendPage(ctx, IssueCheckPage(page));
}

/** What was posted is given back as it came, to be sent again; nothing of it is judged or kept. */
function keptPage({ stylesheet }: Desk, ctx: Context, form: Form, why: KeptWhy): VNode {
  const names = ['csrf', 'application', 'step', 'who', ...DESK_FIELDS];
  const values = Object.fromEntries([...form].filter(([name]) => names.includes(name)));
  return KeptPage({ ...frameOf(ctx, stylesheet), languageSwitch: null, why, values });
}

function typedIn(form: Form): DeskTyped {
  return Object.fromEntries(DESK_FIELDS.map((name) => [name, form.get(name) ?? ''])) as Record<
    DeskField,
    string
  >;
}

/**
 * Of this officer and this application, not of a session: the form is still theirs after they signed in again. Nobody
 * else can make one, and it is good for no other form.
 */
function csrfOf({ keyring }: World, { staffId }: StaffAtDesk, application: string): string {
  return keyring.csrfToken(`desk issue ${staffId} ${application}`);
}
