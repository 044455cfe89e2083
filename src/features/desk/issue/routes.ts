/**
 * `/desk/issue`: the form, the preview, and the issuing. Nothing is stored in between: every page contains
 * all of the form, so that a form left open over a restart or a sign-out loses nothing.
 */
import { readPostedFormat } from '../../../domain/card/cardFormat.ts';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { VNode } from 'preact';
import type { LimitReached } from '../limits.rules.ts';
import { checkNote, checkReason } from '../../../domain/staff/desk.ts';
import {
  BLANK_DESK_FORM,
  DESK_FIELDS,
  readDeskForm,
  type DeskFaults,
  type DeskField,
  type DeskFormInput,
} from '../../../domain/issuing/deskForm.ts';
import {
  issueAtDesk,
  prepareIssue,
  confirmExistingPerson,
  type DeskIssueResult,
  type PreparedIssue,
} from './issueAtDesk.ts';
import { UUID_PATTERN } from '../uuids.ts';
import type { AppContext } from '../../appContext.ts';
import { requireField, isSameText, readForm, type PostedForm } from '../../../http/forms.ts';
import { writeDate } from '../../../ui/language.ts';
import { composePageFrame, redirectWithGet, sendPage } from '../../../ui/page.ts';
import {
  HasIdPage,
  IssuePage,
  ReturnedFormPage,
  SimilarPeoplePage,
  type ReturnedFormReason,
} from './issue.page.tsx';
import { foreseeIssue } from './foreseeIssue.ts';
import { IssueCheckPage, type ForeseenAtCheck } from './issueCheck.page.tsx';
import { keepTypedForm, HttpError } from '../../../ui/httpError.ts';
import { composeDeskFrame, createDeskRoute, type DeskDeps, type StaffAtDesk } from '../guard.ts';
import { markOverLimit } from '../limitPage.ts';

const PATH = '/desk/issue';

export function addIssueRoutes(router: Router, desk: DeskDeps): void {
  const { context } = desk;
  router.get(
    PATH,
    createDeskRoute(desk, 'issue', (ctx, staff) => {
      const application = context.random.uuid();
      showIssueForm(desk, ctx, staff, { application, typed: BLANK_DESK_FORM, ...NO_ISSUE_FAULTS });
    }),
  );

  const handleForm = createDeskRoute(desk, 'issue', async (ctx, staff) => {
    const form = await readForm(ctx);
    const application = requireField(form, 'application');
    if (!UUID_PATTERN.test(application)) throw new HttpError(400, 'bad_form');
    const csrf = deriveIssueCsrfToken(context, staff, application);
    if (!isSameText(csrf, requireField(form, 'csrf'))) throw new HttpError(403, 'bad_form');
    await continueIssue(desk, ctx, staff, { application, form, typed: readIssueInput(form) });
  });
  router.post(PATH, async (ctx, next) => {
    const form = await readForm(ctx);
    keepTypedForm(ctx, (why) => composeReturnedPage(desk, ctx, form, why));
    if (await desk.site.findUser(ctx)) return await handleForm(ctx, next);
    ctx.status = 401;
    sendPage(ctx, composeReturnedPage(desk, ctx, form, 'signed_out'));
  });
}

interface IssueStep {
  readonly application: string;
  readonly form: PostedForm;
  readonly typed: DeskFormInput;
}

async function continueIssue(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  step: IssueStep,
): Promise<void> {
  const { application, form, typed } = step;
  const what = requireField(form, 'step');
  if (!['check', 'change', 'send', 'who'].includes(what)) throw new HttpError(400, 'bad_form');
  if (what === 'change') return showIssueForm(desk, ctx, staff, { ...step, ...NO_ISSUE_FAULTS });

  const { rules, clock } = desk.context;
  const read = readDeskForm(typed, { kinds: rules.identification, now: clock.now() });
  // The reason is checked first: without it nothing is looked up.
  const reasonFault = checkReason(typed.reason);
  if ('faults' in read || reasonFault) {
    const faults = {
      ...(reasonFault ? { reason: reasonFault } : {}),
      ...('faults' in read ? read.faults : {}),
    };
    return showIssueForm(desk, ctx, staff, { ...step, ...NO_ISSUE_FAULTS, faults });
  }
  const isSomebodyElse = what === 'who' && form.get('who') === 'other';
  const reason = typed.reason.trim();
  const note = typed.note.trim().replaceAll(/\s+/g, ' ');
  const request = { id: application, form: read.form, reason, note, isSomebodyElse };
  const prepared = await prepareIssue(desk.context, { staff, populationRegister: desk.register }, request);
  if (prepared.kind === 'over_limit') return showIssueLimit(desk, ctx, staff, step, prepared.limit);
  if (prepared.kind === 'name_differs') {
    const faults = { givenName: 'name_differs' } as const;
    return showIssueForm(desk, ctx, staff, { ...step, ...NO_ISSUE_FAULTS, faults, nameDiffers: true });
  }
  const noteFault = prepared.verdict.kind === 'refused' ? checkNote(note) : null;
  if (what === 'check' || noteFault)
    return await checkIssue(desk, ctx, staff, step, { ...prepared, noteFault });
  await submitIssue(desk, ctx, staff, step, prepared);
}

interface CheckedIssue extends PreparedIssue {
  readonly noteFault: ReturnType<typeof checkNote>;
}

/** Shows what sending the form will lead to. */
async function checkIssue(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  step: IssueStep,
  prepared: CheckedIssue,
): Promise<void> {
  const { context } = desk;
  const { submission, verdict } = prepared;
  const posted = { submission, reason: step.typed.reason.trim() };
  const foreseen = await foreseeIssue(context, staff, posted, verdict);
  switch (foreseen.kind) {
    case 'sent_before':
      return redirectWithGet(ctx, `/desk/applications/${step.application}`);
    case 'of_another':
      return await continueIssue(desk, ctx, staff, { ...step, application: context.random.uuid() });
    default:
      showIssueCheck(desk, ctx, staff, step, { ...prepared, foreseen });
  }
}

async function submitIssue(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  step: IssueStep,
  { submission }: PreparedIssue,
): Promise<void> {
  const who = step.form.get('who');
  const isSame = who !== undefined && who !== 'other';
  const sent = { submission, reason: step.typed.reason.trim() };
  const issued = isSame
    ? await confirmExistingPerson(desk.context, staff, sent, who)
    : await issueAtDesk(desk.context, staff, sent);
  // None of the people shown was chosen.
  await showIssueResult(
    desk,
    ctx,
    staff,
    step,
    issued ?? (await issueAtDesk(desk.context, staff, sent)),
    issued === null,
  );
}

async function showIssueResult(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  step: IssueStep,
  issued: DeskIssueResult,
  isMissing: boolean,
): Promise<void> {
  const { application, typed } = step;
  const frame = composeDeskFrame(desk, ctx, staff);
  switch (issued.kind) {
    case 'decided':
      return redirectWithGet(ctx, `/desk/applications/${application}`);
    case 'has_id':
      if (issued.searchId !== null) return redirectWithGet(ctx, `/desk/search/${issued.searchId}?has-id=1`);
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'has_id' }));
    case 'for_borgerservice':
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'maybe' }));
    case 'changed':
      return showIssueForm(desk, ctx, staff, {
        application,
        typed,
        ...NO_ISSUE_FAULTS,
        faults: { givenName: 'name_differs' },
        nameDiffers: true,
      });
    case 'over_limit':
      return showIssueLimit(desk, ctx, staff, step, issued.limit);
    case 'another_waits':
      return sendPage(ctx, HasIdPage({ ...frame, kind: 'waits' }));
    case 'looks_like': {
      const people = issued.people.map(({ birthdate, ...one }) => {
        return { ...one, born: writeDate(birthdate, frame.language) };
      });
      const csrf = deriveIssueCsrfToken(desk.context, staff, application);
      return sendPage(ctx, SimilarPeoplePage({ ...frame, application, csrf, typed, people, isMissing }));
    }
  }
}

interface IssueFormView {
  readonly application: string;
  readonly typed: DeskFormInput;
  readonly faults: DeskFaults;
  readonly nameDiffers: boolean;
  readonly limit: LimitReached | null;
}

const NO_ISSUE_FAULTS = { faults: {}, nameDiffers: false, limit: null } as const;

function showIssueLimit(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  step: IssueStep,
  limit: LimitReached,
): void {
  markOverLimit(desk, ctx, limit);
  const { application, typed } = step;
  showIssueForm(desk, ctx, staff, { application, typed, ...NO_ISSUE_FAULTS, limit });
}

function showIssueForm(desk: DeskDeps, ctx: Context, staff: StaffAtDesk, shown: IssueFormView): void {
  const { application, typed, faults, nameDiffers, limit } = shown;
  const csrf = deriveIssueCsrfToken(desk.context, staff, application);
  const kinds = desk.context.rules.identification;
  const frame = composeDeskFrame(desk, ctx, staff);
  sendPage(ctx, IssuePage({ ...frame, application, csrf, typed, faults, nameDiffers, limit, kinds }));
}

function showIssueCheck(
  desk: DeskDeps,
  ctx: Context,
  staff: StaffAtDesk,
  { application, typed }: IssueStep,
  {
    submission,
    verdict,
    registeredName,
    foreseen,
    noteFault,
  }: CheckedIssue & { readonly foreseen: ForeseenAtCheck },
): void {
  const csrf = deriveIssueCsrfToken(desk.context, staff, application);
  const kinds = desk.context.rules.identification;
  const isRegisteredName = registeredName !== null;
  const frame = composeDeskFrame(desk, ctx, staff);
  const page = {
    ...frame,
    application,
    csrf,
    typed,
    submission,
    verdict,
    foreseen,
    noteFault,
    isRegisteredName,
    kinds,
  };
  sendPage(ctx, IssueCheckPage(page));
}

/** Returns the posted form unchanged, to be sent again; nothing of it is evaluated or stored. */
function composeReturnedPage(
  { stylesheet }: DeskDeps,
  ctx: Context,
  form: PostedForm,
  why: ReturnedFormReason,
): VNode {
  const names = ['csrf', 'application', 'step', 'who', ...DESK_FIELDS];
  const values = Object.fromEntries([...form].filter(([name]) => names.includes(name)));
  return ReturnedFormPage({ ...composePageFrame(ctx, stylesheet), languageSwitch: null, why, values });
}

function readIssueInput(form: PostedForm): DeskFormInput {
  const typed = Object.fromEntries(DESK_FIELDS.map((name) => [name, form.get(name) ?? '']));
  const cardFormat = readPostedFormat(form.get('cardFormat'), form.get('largePrint'));
  return { ...(typed as Record<DeskField, string>), cardFormat };
}

/**
 * Bound to this officer and this application, not to a session: the form stays valid after the officer signed
 * in again. No one else can make the token, and it is valid for no other form.
 */
function deriveIssueCsrfToken(
  { keyring }: AppContext,
  { staffId }: StaffAtDesk,
  application: string,
): string {
  return keyring.csrfToken(`desk issue ${staffId} ${application}`);
}
