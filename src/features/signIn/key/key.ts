/** The handler of the key page's form. */
import { deriveBrowserContent, isKnownBrowser, type SubmittedCardKey } from '../../authentication/index.ts';
import { submitKey } from './submitKey.ts';
import { keepCompletion } from '../complete.ts';
import { prepareCompletion } from '../completionOfFactor.ts';
import { readKnownBrowserCookies, setKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { keepLastWay } from '../remember/lastWayCookie.ts';
import { readRelyingParty, resultOf, type StepResult, type Submission } from '../step.ts';

export async function submitKeyForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const { context, isSecure } = deps;
  // A key of a card is of no use where only a security key is.
  if (request.resistance !== null) return { next: 'same-page' };
  const browsers = readKnownBrowserCookies(ctx, isSecure);
  // Always a new value: the previous one may have been copied or planted, or belong to another person.
  const ownBrowser = form.has('ownComputer') ? deriveBrowserContent(context, sent.secret) : null;
  const { prepare, withdraw, findEnd } = prepareCompletion(submission);
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
  if (isSpent) keepLastWay(ctx, isSecure, answer.hadChoice ? 'card' : null);
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
