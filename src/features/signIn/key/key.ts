/** The handler of the key page's form. */
import { withFactor } from '../../../domain/signIn/levels.ts';
import { deriveBrowserContent, isKnownBrowser, type SubmittedCardKey } from '../../authentication/index.ts';
import { submitKey, type PrepareResponse } from './submitKey.ts';
import { keepCompletion } from '../complete.ts';
import { sealAnswer } from '../holder/storedAnswer.ts';
import { showSignIn, type StepToShow } from '../showSignIn.ts';
import { readKnownBrowserCookies, setKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';

export async function submitKeyForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const { context, isSecure } = deps;
  const browsers = readKnownBrowserCookies(ctx, isSecure);
  // Always a new value: the previous one may have been copied or planted, or belong to another person.
  const ownBrowser = form.has('ownComputer') ? deriveBrowserContent(context, sent.secret) : null;
  const { prepare, withdraw, findEnd } = prepareResponse(submission);
  const answer = await submitKey(context, {
    interactionId: request.id,
    clientId: request.clientId,
    at: readRelyingParty(request),
    sessionUid: request.stepUp?.sessionUid ?? null,
    ...readAnswer(form, 'key'),
    ownBrowser,
    browsers,
    requestSource: readRequestSource(ctx),
    sent,
    secret,
    prepare,
  });
  if (answer.kind !== 'answered') withdraw();
  const isSpent = answer.kind === 'answered' || answer.kind === 'signed_in';
  if (isSpent && ownBrowser) {
    setKnownBrowserCookies(ctx, isSecure, { own: ownBrowser, others: answer.otherBrowsers ?? [] });
  }
  const end = findEnd();
  if (answer.kind === 'answered' && end) keepCompletion(submission, end);
  // When nothing else is asked after the key, the response is already prepared.
  const result = resultOf(submission, answer, false);
  return result.next === 'repeat' ? { ...result, afterwards: () => repeatBrowser(submission) } : result;
}

/** Reads a key, with the card number and key number that the page showed. */
export function readAnswer(form: PostedForm, name: 'key' | 'newKey'): SubmittedCardKey {
  return {
    cardNumber: requireField(form, 'cardNumber'),
    keyNumber: requireField(form, 'keyNumber'),
    key: requireField(form, name),
  };
}

/**
 * Repeats the cookie: this form made the browser known, and the response with the cookie may have been lost.
 */
async function repeatBrowser({ deps, ctx, form, sent }: Submission): Promise<void> {
  const { context, isSecure } = deps;
  if (!form.has('ownComputer')) return;
  const own = deriveBrowserContent(context, sent.secret);
  if (!(await isKnownBrowser(context, [own]))) return;
  const others = readKnownBrowserCookies(ctx, isSecure).filter((content) => content !== own);
  setKnownBrowserCookies(ctx, isSecure, { own, others });
}

type SignInEnd = Extract<StepToShow, { page: 'done' }>;

/** Prepares the response to a right key, for every reply to the current challenge. */
function prepareResponse({ deps, ctx, next, request, sent }: Submission): {
  prepare: PrepareResponse;
  withdraw: () => void;
  findEnd: () => SignInEnd | null;
} {
  const { context, interactions } = deps;
  let withdraw = () => {};
  let end: SignInEnd | null = null;
  const prepare: PrepareResponse = async ({ stored, signedInAt }) => {
    const asIf = { ...stored, signedInAt, factors: withFactor(stored.factors, 'card_key'), outcome: null };
    const shown = await showSignIn(context, request, sent.secret, asIf);
    if (shown.page !== 'done') return null;
    end = shown;
    const passwordAt = stored.passwordAt ?? signedInAt;
    const preparation = await interactions.prepareResponse(ctx, next, {
      request,
      authentication: { ...shown, passwordAt, signedInAt },
      seal: (answer) => sealAnswer(context, request.id, sent.secret, answer),
    });
    withdraw = preparation.withdraw;
    return preparation.prepared;
  };
  return { prepare, withdraw: () => withdraw(), findEnd: () => end };
}
