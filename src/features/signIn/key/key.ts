/** The key page's form. */
import { withFactor } from '../../../domain/signIn/levels.ts';
import { deriveBrowserContent, isKnownBrowser, type SubmittedCardKey } from '../../authentication/index.ts';
import { submitKey, type PrepareAnswer } from './submitKey.ts';
import { sealAnswer } from '../holder/storedAnswer.ts';
import { showSignIn } from '../showSignIn.ts';
import { readKnownBrowserCookies, setKnownBrowserCookies } from '../../../http/knownBrowserCookies.ts';
import { readRequestSource } from '../../../http/middleware.ts';
import { requireField, type PostedForm } from '../../../http/forms.ts';
import { resultOf, type StepResult, type Submission } from '../step.ts';

export async function submitKeyForm(submission: Submission): Promise<StepResult> {
  const { deps, ctx, request, form, sent, secret } = submission;
  const { context, isSecure } = deps;
  const browsers = readKnownBrowserCookies(ctx, isSecure);
  // Always new content: what was there before may have been copied, put there, or is that of somebody else.
  const ownBrowser = form.has('ownComputer') ? deriveBrowserContent(context, sent.secret) : null;
  const { prepare, withdraw } = prepareAnswer(submission);
  const answer = await submitKey(context, {
    interactionId: request.id,
    clientId: request.clientId,
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
  // A key after which nothing else is asked is answered already.
  const result = resultOf(submission, answer, false);
  return result.next === 'repeat' ? { ...result, afterwards: () => repeatBrowser(submission) } : result;
}

/** A key, with the card and the number that the page showed. */
export function readAnswer(form: PostedForm, name: 'key' | 'newKey'): SubmittedCardKey {
  return {
    cardNumber: requireField(form, 'cardNumber'),
    keyNumber: requireField(form, 'keyNumber'),
    key: requireField(form, name),
  };
}

/** The browser became the person's own by this form, and the answer that said so to it may have been lost. */
async function repeatBrowser({ deps, ctx, form, sent }: Submission): Promise<void> {
  const { context, isSecure } = deps;
  if (!form.has('ownComputer')) return;
  const own = deriveBrowserContent(context, sent.secret);
  if (!(await isKnownBrowser(context, [own]))) return;
  const others = readKnownBrowserCookies(ctx, isSecure).filter((content) => content !== own);
  setKnownBrowserCookies(ctx, isSecure, { own, others });
}

/** Makes what a right key leads to, for every reply to the challenge that stands. */
function prepareAnswer({ deps, ctx, next, request, sent }: Submission): {
  prepare: PrepareAnswer;
  withdraw: () => void;
} {
  const { context, interactions } = deps;
  let withdraw = () => {};
  const prepare: PrepareAnswer = async ({ stored, signedInAt }) => {
    const asIf = { ...stored, signedInAt, factors: withFactor(stored.factors, 'card_key'), outcome: null };
    const shown = await showSignIn(context, request, sent.secret, asIf);
    if (shown.page !== 'done') return null;
    const passwordAt = stored.passwordAt ?? signedInAt;
    const made = await interactions.prepareAnswer(ctx, next, {
      request,
      authentication: { ...shown, passwordAt, signedInAt },
      seal: (answer) => sealAnswer(context, request.id, sent.secret, answer),
    });
    withdraw = made.withdraw;
    return made.prepared;
  };
  return { prepare, withdraw: () => withdraw() };
}
