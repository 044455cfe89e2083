/** The forms of a sign-in that show a factor. */
import { isTwoFactor, withFactor } from '../../core/levels.ts';
import type { PendingRequest } from '../../core/signIn/pendingRequest.ts';
import { browserOfForm, isKnownBrowser } from '../../usecases/knownBrowser.ts';
import { giveDoorCode, type GivenDoorCode } from '../../usecases/signIn/giveDoorCode.ts';
import { giveKey, type PrepareAnswer } from '../../usecases/signIn/giveKey.ts';
import { giveNewKey } from '../../usecases/signIn/giveNewKey.ts';
import { givePassword } from '../../usecases/signIn/givePassword.ts';
import { type FormAnswer } from '../../usecases/signIn/holder.ts';
import { sealAnswer } from '../../usecases/signIn/keptAnswer.ts';
import { showSignIn } from '../../usecases/signIn/showSignIn.ts';
import { readBrowserCookies, setBrowserCookies } from '../browserCookie.ts';
import { visitOf } from '../door.ts';
import { field, type Form } from '../forms.ts';
import type { Sending } from './loginRequest.ts';
import { connectionSignal } from '../protocol/connection.ts';
import { Trouble } from '../trouble.ts';
import { goOn, lead, repeatAnswer } from './loginEnd.ts';
import { readUnjudged } from './unjudgedCookie.ts';

/**
 * Forms of steps that this request does not have lead nowhere: a key beside a password that is all that is asked, or
 * anybody's password where somebody is signed in already.
 */
export function isAskedFor({ signIn, requiredKinds }: PendingRequest, step: string): boolean {
  return signIn && (isTwoFactor(requiredKinds) || step === 'password' || step === 'code');
}

export async function judge(sending: Sending): Promise<void> {
  const { request, sent, secret } = sending;
  const { kind, holds, unjudged = null } = await giveFactor(sending);
  if (kind === 'busy') throw new Trouble(503, 'busy');
  if (kind === 'slowed') throw new Trouble(429, 'slowed');
  if (kind === 'answered') return;
  if (kind === 'again') {
    await repeatAnswer(sending, holds);
    return await repeatBrowser(sending);
  }
  if (unjudged) return lead(sending, holds, unjudged);
  // A password that a key follows ends nothing; nor does a key after which something else is asked.
  const mayEnd = field(sending.form, 'step') === 'new-card' || !isTwoFactor(request.requiredKinds);
  if (mayEnd) return await goOn(sending, holds ? sent.secret : secret);
  lead(sending, holds);
}

/** The browser became the person's own by this form, and the answer that said so to it may have been lost. */
async function repeatBrowser({ login, ctx, form, sent }: Sending): Promise<void> {
  const { world, isSecure } = login;
  if (field(form, 'step') !== 'key' || !form.has('ownComputer')) return;
  const own = browserOfForm(world, sent.secret);
  if (!(await isKnownBrowser(world, [own]))) return;
  const others = readBrowserCookies(ctx, isSecure).filter((content) => content !== own);
  setBrowserCookies(ctx, isSecure, { own, others });
}

type FactorAnswer = FormAnswer<'judged' | 'signed_in' | 'answered' | 'slowed'>;

async function giveFactor(sending: Sending): Promise<FactorAnswer> {
  const { login, ctx, request, form, sent, secret } = sending;
  const { world, isSecure } = login;
  const interactionId = request.id;
  const browsers = readBrowserCookies(ctx, isSecure);
  const sessionUid = request.stepUp?.sessionUid ?? null;
  switch (field(form, 'step')) {
    case 'password':
      return await givePassword(world, {
        interactionId,
        typedName: field(form, 'userId'),
        password: field(form, 'password'),
        address: ctx.ip,
        browsers,
        requiredKinds: request.requiredKinds,
        sent,
        secret,
        signal: connectionSignal(ctx),
      });
    case 'key': {
      // Always new content: what was there before may have been copied, put there, or is that of somebody
      // else.
      const ownBrowser = form.has('ownComputer') ? browserOfForm(world, sent.secret) : null;
      const made = preparing(sending);
      const answer = await giveKey(world, {
        interactionId,
        clientId: request.clientId,
        sessionUid,
        ...answerIn(form, 'key'),
        ownBrowser,
        browsers,
        visit: visitOf(ctx),
        sent,
        secret,
        prepare: made.prepare,
      });
      if (answer.kind !== 'answered') made.withdraw();
      const isSpent = answer.kind === 'answered' || answer.kind === 'signed_in';
      if (isSpent && ownBrowser) {
        setBrowserCookies(ctx, isSecure, { own: ownBrowser, others: answer.otherBrowsers ?? [] });
      }
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
        unjudged: readUnjudged(login, ctx, interactionId),
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
    const asIf = { ...stored, signedInAt, factors: withFactor(stored.factors, 'card_key'), outcome: null };
    const shown = await showSignIn(world, request, sent.secret, asIf);
    if (shown.page !== 'done') return null;
    const passwordAt = stored.passwordAt ?? signedInAt;
    const made = await interactions.prepareAnswer(ctx, next, {
      request,
      authentication: { ...shown, passwordAt, signedInAt },
      seal: (answer) => sealAnswer(world, request.id, sent.secret, answer),
    });
    withdraw = made.withdraw;
    return made.prepared;
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
