/**
 * The forms of a sign-in. A judged form changes the holder's secret; the one that ends the sign-in is answered with what the
 * provider made, in this very exchange. Everything else leads back to the dispatcher (login.tsx) with 303.
 */
import type { Context, Next } from 'koa';
import type { Refusal } from '../../core/errors/refusal.ts';
import type { PendingRequest } from '../../oidc/interaction.ts';
import { sendAnswer, type Answer } from '../../oidc/signIn/madeAnswer.ts';
import { AnsweredBefore, currentUnitOfWork } from '../../store/unitOfWork.ts';
import { choosePublicSites } from '../../usecases/choosePublicSites.ts';
import { drawBrowser } from '../../usecases/knownBrowser.ts';
import { giveConsent, refuseConsent } from '../../usecases/signIn/consent.ts';
import { giveDoorCode, type GivenDoorCode } from '../../usecases/signIn/giveDoorCode.ts';
import { giveKey, type PrepareAnswer } from '../../usecases/signIn/giveKey.ts';
import { giveNewKey, goOnWithoutNewCard } from '../../usecases/signIn/giveNewKey.ts';
import { askPasswordAgain, givePassword, signInAsAnother } from '../../usecases/signIn/givePassword.ts';
import { moveHolder } from '../../usecases/signIn/moveHolder.ts';
import { readSentForm, type FormAnswer, type SentForm } from '../../usecases/signIn/holder.ts';
import { findKeptAnswer, sealAnswer } from '../../usecases/signIn/keptAnswer.ts';
import { showSignIn, signInWithPassword, type Shown } from '../../usecases/signIn/showSignIn.ts';
import { interactionKey } from '../../usecases/world.ts';
import { readBrowserCookie, setBrowserCookie } from '../browserCookie.ts';
import { visitOf } from '../door.ts';
import { field, type Form } from '../forms.ts';
import { readHolderCookie, setHolderCookie } from './holderCookie.ts';
import { asked, type Login } from './loginRequest.ts';
import { seeOther } from '../page.ts';
import { connectionSignal } from '../protocol/connection.ts';
import { Trouble } from '../trouble.ts';

interface Sending {
  readonly login: Login;
  readonly ctx: Context;
  readonly next: Next;
  readonly request: PendingRequest;
  readonly form: Form;
  readonly sent: SentForm;
  /** The secret of the holder's cookie. */
  readonly secret: string | null;
}

/** The form's own proof has been looked at. @throws Trouble */
export async function answerForm(
  login: Login,
  ctx: Context,
  next: Next,
  { request, form }: { request: PendingRequest; form: Form },
): Promise<void> {
  const sending: Sending = {
    login,
    ctx,
    next,
    request,
    form,
    sent: readSentForm(login.world, request.id, { nonce: nonceOf(login, form), typed: typedIn(form) }),
    secret: readHolderCookie(ctx, login.isSecure),
  };
  const act = ACTS.find((name) => form.has(name));
  if (act) return await perform(sending, act);
  if (isAskedFor(request, field(form, 'step'))) return await judge(sending);
  seeOther(ctx, ctx.path);
}

/** Forms that show no factor, by the name of their button. */
const ACTS = ['cancel', 'again', 'another', 'accept', 'skip', 'continue'] as const;

async function perform(sending: Sending, act: (typeof ACTS)[number]): Promise<void> {
  const { login, ctx, request, form, sent } = sending;
  const held = await moveHolder(login.world, request.id, sending);
  if (held === 'answered') return await repeatAnswer(sending);
  // Its way out leads back to the relying party, and leaves the sign-in to whoever holds it.
  if (held === 'foreign' && act === 'cancel') return await leave(sending);
  if (held === 'foreign') return seeOther(ctx, ctx.path);
  if (held === 'held') setHolderCookie(ctx, request.id, login.isSecure, sent.secret);
  const holding = held === 'held' ? { ...sending, secret: sent.secret } : sending;
  switch (act) {
    case 'cancel':
      return await giveUp(holding);
    case 'accept':
      return await agree(holding, field(form, 'step'));
    case 'skip':
      return await skip(holding);
    case 'continue':
      return await goOn(holding, holding.secret);
    case 'again':
      await askPasswordAgain(login.world, request.id);
      break;
    case 'another':
      // Of a session alone: elsewhere nobody is signed in for whom another could come.
      if (request.stepUp) await signInAsAnother(login.world, request.id);
  }
  seeOther(ctx, ctx.path);
}

/** A page without one is of a node of the version before: its form is like no other. */
function nonceOf({ world }: Login, form: Form): string {
  return form.get('form') ?? world.dice.bytes(32).toString('base64url');
}

function typedIn(form: Form): string[] {
  return [...form].filter(([name]) => name !== 'csrf' && name !== 'form').flat();
}

/**
 * Forms of steps that this request does not have lead nowhere: a key beside a password that is all that is asked, or
 * anybody's password where somebody is signed in already.
 */
function isAskedFor({ signIn, key }: PendingRequest, step: string): boolean {
  return signIn && (key || step === 'password' || step === 'code');
}

async function judge(sending: Sending): Promise<void> {
  const { login, ctx, request, sent, secret } = sending;
  const { kind, holds } = await giveFactor(sending);
  if (kind === 'busy') throw new Trouble(503, 'busy');
  if (kind === 'slowed') throw new Trouble(429, 'slowed');
  if (holds) setHolderCookie(ctx, request.id, login.isSecure, sent.secret);
  if (kind === 'answered') return;
  if (kind === 'again') return await repeatAnswer(sending);
  // A password that a key follows ends nothing; nor does a key after which something else is asked.
  const mayEnd = field(sending.form, 'step') === 'new-card' || !request.key;
  if (mayEnd) return await goOn(sending, holds ? sent.secret : secret);
  seeOther(ctx, ctx.path);
}

type FactorAnswer = FormAnswer<'judged' | 'signed_in' | 'answered' | 'slowed'>;

async function giveFactor(sending: Sending): Promise<FactorAnswer> {
  const { login, ctx, request, form, sent, secret } = sending;
  const { world, isSecure } = login;
  const interactionId = request.id;
  const browser = readBrowserCookie(ctx, isSecure);
  const sessionUid = request.stepUp?.sessionUid ?? null;
  switch (field(form, 'step')) {
    case 'password':
      return await givePassword(world, {
        interactionId,
        typedName: field(form, 'userId'),
        password: field(form, 'password'),
        address: ctx.ip,
        browser,
        withKey: request.key,
        sent,
        secret,
        signal: connectionSignal(ctx),
      });
    case 'key': {
      // Always new content: what was there before may have been copied, or put there.
      const ownBrowser = form.has('ownComputer') ? drawBrowser(world) : null;
      const made = preparing(sending);
      const answer = await giveKey(world, {
        interactionId,
        clientId: request.clientId,
        sessionUid,
        ...answerIn(form, 'key'),
        ownBrowser,
        browser,
        visit: visitOf(ctx),
        sent,
        secret,
        prepare: made.prepare,
      });
      if (answer.kind !== 'answered') made.withdraw();
      const isSpent = answer.kind === 'answered' || answer.kind === 'signed_in';
      if (isSpent && ownBrowser) setBrowserCookie(ctx, isSecure, ownBrowser);
      return answer;
    }
    case 'code':
      return await giveDoorCode(world, {
        interactionId,
        asks: askedIn(form),
        code: form.has('send') ? '' : field(form, 'code'),
        address: ctx.ip,
        sent,
        secret,
      });
    case 'new-card':
      return await giveNewKey(world, {
        interactionId,
        sessionUid,
        ...answerIn(form, 'newKey'),
        sent,
        secret,
      });
    default:
      throw new Trouble(400, 'bad_form');
  }
}

/** Makes what a right key leads to, for every reply to the challenge that stands. */
function preparing({ login, ctx, next, request, sent }: Sending): {
  prepare: PrepareAnswer;
  withdraw: () => void;
} {
  const { world, interactions } = login;
  let withdraw = () => {};
  const prepare: PrepareAnswer = async ({ stored, signedInAt }) => {
    const asIf = { ...stored, signedInAt, withKey: true, outcome: null };
    const shown = await showSignIn(world, asked(login, request, sent.secret), asIf);
    if (shown.page !== 'done') return null;
    const unit = currentUnitOfWork();
    unit.isPreparing = true;
    const passwordAt = stored.passwordAt ?? signedInAt;
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
    const made = await interactions.makeAnswer(ctx, next, request);
    withdraw = made.withdraw;
    const { codeId } = unit;
    const sealed = sealAnswer(world, interactionKey(world, request.id), sent.secret, made.answer);
    return { sealed, codeId, ...unit.take() };
  };
  return { prepare, withdraw: () => withdraw() };
}

/** @throws Trouble (400) */
function askedIn(form: Form): GivenDoorCode['asks'] {
  const asks = form.get('send') ?? null;
  if (asks === null || asks === 'code' || asks === 'code_by_letter') return asks;
  throw new Trouble(400, 'bad_form');
}

/** A key, with the card and the number that the page showed. */
function answerIn(form: Form, name: 'key' | 'newKey') {
  return {
    cardNumber: field(form, 'cardNumber'),
    keyNumber: field(form, 'keyNumber'),
    key: field(form, name),
  };
}

/** Where nothing else is asked, the provider answers now; otherwise the dispatcher shows what is next. */
async function goOn(sending: Sending, secret: string | null): Promise<void> {
  const { login, ctx, request } = sending;
  const { world, interactions } = login;
  const asking = asked(login, request, secret);
  let shown = await showSignIn(world, asking);
  if (shown.page === 'password-enough') {
    await signInWithPassword(world, asking, visitOf(ctx));
    shown = await showSignIn(world, asking);
  }
  if (shown.page === 'expired') return await repeatAnswer(sending);
  if (shown.page !== 'done') return seeOther(ctx, ctx.path);
  const { passwordAt, signedInAt } = shown;
  if (request.signIn && passwordAt && signedInAt) {
    await interactions.signIn(ctx, request, { ...shown, passwordAt, signedInAt });
  } else await interactions.goOn(request);
  await end(sending, secret);
}

/**
 * The provider's answer ends the request; it is kept for the same form while this browser can be known again. Of two that end it
 * at the same moment one does: the other gets the answer that was kept, if it is the same form.
 */
async function end(sending: Sending, secret: string | null): Promise<void> {
  const { login, ctx, next, request } = sending;
  const { world, interactions } = login;
  const { answer, withdraw } = await interactions.makeAnswer(ctx, next, request);
  const interaction = interactionKey(world, request.id);
  const unit = currentUnitOfWork();
  if (secret) unit.keepAnswer(interaction, sealAnswer(world, interaction, secret, answer));
  try {
    await unit.flush(world.database);
  } catch (error) {
    if (!(error instanceof AnsweredBefore)) throw error;
    withdraw();
    await repeatAnswer(sending);
  }
}

/** The form was judged before: its answer again, while that may be given; else the dispatcher shows what is next. */
async function repeatAnswer({ login, ctx, request, sent, secret }: Sending): Promise<void> {
  const kept = await findKeptAnswer(login.world, request.id, [sent.secret, secret]);
  if (kept === 'waiting') return seeOther(ctx, ctx.path);
  if (kept === 'over') throw new Trouble(400, 'answered');
  sendAnswer(ctx, JSON.parse(kept.json) as Answer);
  setHolderCookie(ctx, request.id, login.isSecure, kept.secret);
}

/**
 * Yes to what the page asked that the form was on, if it is still asked; anywhere else there is nothing to say yes to.
 * Without the form's own word a second click on one page would be a yes to the next, which nobody has seen.
 */
async function agree(sending: Sending, step: string): Promise<void> {
  const { login, request, secret } = sending;
  const { world } = login;
  const shown = await showSignIn(world, asked(login, request, secret));
  if (shown.page === step && shown.page === 'public-sites' && shown.bar === null) {
    await choosePublicSites(world, shown.identity.id, true);
  }
  if (shown.page === step && shown.page === 'consent') {
    const { id: interactionId, clientId } = request;
    const { scopes, identity } = shown;
    await giveConsent(world, { interactionId, clientId, scopes, identityId: identity.id });
  }
  await goOn(sending, secret);
}

/** Not now: only where the new card is asked for beside the old one. */
async function skip(sending: Sending): Promise<void> {
  const { login, request, secret } = sending;
  const shown = await showSignIn(login.world, asked(login, request, secret));
  if (shown.page === 'new-card' && !shown.instead) await goOnWithoutNewCard(login.world, request.id);
  await goOn(sending, secret);
}

/** Every page has a way out. The relying party is told what stood in the way, if anything did. */
async function giveUp(sending: Sending): Promise<void> {
  const { login, request, secret } = sending;
  const { world, interactions } = login;
  const shown = await showSignIn(world, asked(login, request, secret));
  if (shown.page === 'expired') return await repeatAnswer(sending);
  if (shown.page === 'consent') {
    const { identity, scopes } = shown;
    await refuseConsent(world, { identityId: identity.id, clientId: request.clientId, scopes });
  }
  await interactions.refuse(request, refusalOf(shown));
  await end(sending, secret);
}

/** The answer of one who gave up, and nothing else: the request waits as before. */
async function leave({ login, ctx, next, request }: Sending): Promise<void> {
  await login.interactions.refuse(request, 'user_cancelled');
  const { keepWaiting } = await login.interactions.makeAnswer(ctx, next, request);
  keepWaiting();
}

function refusalOf(shown: Shown): Refusal {
  switch (shown.page) {
    case 'refused':
      return shown.refusal;
    case 'locked':
      return 'locked';
    case 'public-sites':
      return 'public_sites_off';
    case 'consent':
      return 'consent_refused';
    default:
      return 'user_cancelled';
  }
}
