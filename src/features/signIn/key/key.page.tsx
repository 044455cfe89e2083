import type { VNode } from 'preact';
import type { KeyPlace } from '../../../domain/card/cardLayout.ts';
import type { ActivationOutcome } from '../../../domain/issuing/activation.ts';
import { Challenge } from '../../../ui/challenge.tsx';
import { Actions, FormPage, SubmitButton, listFault } from '../../../ui/form.tsx';
import { HelpLinks } from '../../../ui/help.tsx';
import { writeDates, writeDay, writeTime } from '../../../ui/language.ts';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import { CancelButton, FormProof, KeyField, StepForm } from '../../../ui/stepForm.tsx';
import type { SecurityKeyFault } from '../../../domain/factors/securityKey.ts';
import { CodeTokenForm, composeCodeErrorText, type AskedCode } from '../codeToken/codeTokenForm.page.tsx';
import type { SignInWay } from '../remember/lastWayCookie.ts';
import { SecurityKeyAlert, SecurityKeyForm } from '../securityKey/securityKeyForm.page.tsx';
import type { WebAuthnRequest } from '../securityKey/webAuthnRequest.ts';

export interface KeyPage extends PageFrame, SignInFrame {
  /** The card whose key is asked; null where no card's key can be given. */
  readonly card: AskedCard | null;
  /** The code token whose code is asked; null where the person has none. */
  readonly codeToken: AskedCode | null;
  /** For the person's security keys; null where none is accepted. */
  readonly webAuthn: WebAuthnRequest | null;
  readonly securityKeyFault: SecurityKeyFault | null;
  /** Until then no key of the card is accepted, after too many wrong ones; null where they are. */
  readonly keysLockedUntil: Date | null;
  /** Whether to ask if this is the person's own computer; a known browser is not asked again. */
  readonly offersOwnBrowser: boolean;
  /** Someone is signed in with this browser by a password; only a key is missing. */
  readonly isStepUp: boolean;
  /** By which this browser was last signed in with, where there was a choice. */
  readonly lastWay?: SignInWay | null;
  readonly error: KeyError | null;
}

export interface AskedCard {
  readonly cardNumber: string;
  readonly keyNumber: string;
  /** Where it is printed; null where that cannot be described. */
  readonly place: KeyPlace | null;
  readonly keysLeft: number;
  readonly nextCard: NextCard;
}

/** The new card that was ordered, with the days on which it is expected once it is sent. */
type NextCard = { readonly expected: { readonly from: string; readonly to: string } | null } | null;

export type KeyError = 'wrong' | 'lastBeforeLock' | 'lastBeforeBlock' | 'malformed' | 'stale';

/** The text of the error, and the consequence of one more. */
export function composeKeyErrorText({ key: words }: Texts, error: KeyError): string {
  if (error === 'lastBeforeLock' || error === 'lastBeforeBlock') return `${words.wrong} ${words[error]}`;
  return words[error];
}

/** Returns the error that a key page shows for an outcome. */
export function keyError(outcome: ActivationOutcome | null): KeyError | null {
  switch (outcome?.kind) {
    case 'wrong_key':
      if (outcome.left > 1) return 'wrong';
      return outcome.isLastRung ? 'lastBeforeBlock' : 'lastBeforeLock';
    case 'malformed_key':
      return 'malformed';
    case 'stale_key':
      return 'stale';
    default:
      return null;
  }
}

/** From this number of remaining keys the person is shown how few there are. */
const FEW_KEYS = 25;

/** Step 2: a key of the card, a code, a security key, or the choice between them. */
export function KeyPage(props: KeyPage): VNode {
  const { t, error, card, codeToken } = props;
  const wrongCode = codeToken?.error ? composeCodeErrorText(t, codeToken.error) : null;
  const wrong = error && composeKeyErrorText(t, error);
  const ways = orderWays(props);
  const words = { 'security-key': t.securityKey, code: t.codeTokenStep, card: t.key }[ways[0] ?? 'card'];
  const lastForm = ways.findLast((way) => way !== 'security-key');
  return (
    <FormPage
      layout={Page}
      frame={props.isStepUp ? props : ({ ...props, step: 2 } as const)}
      page="key"
      title={words.title}
      heading={words.heading}
      alert={SecurityKeyAlert({ text: composeAlertText(props) })}
      errors={[...listFault('code', wrongCode), ...listFault('key', wrong)]}
    >
      {props.isStepUp ? <p>{t.key.stepUp(props.relyingParty)}</p> : null}
      {ways.map((way, i) => (
        <WayPart {...props} way={way} isMain={i === 0} cancelsBelow={way !== lastForm} key={way} />
      ))}
      {props.isStepUp ? <AnotherPersonForm {...props} /> : null}
      <HelpLinks t={t} topics={card ? ['lost-card', 'phone-call'] : ['cannot-sign-in', 'phone-call']} />
    </FormPage>
  );
}

function composeAlertText({ t, language, securityKeyFault, keysLockedUntil }: KeyPage): string | null {
  if (securityKeyFault !== null) return t.securityKey.faults[securityKeyFault];
  if (keysLockedUntil === null) return null;
  return t.securityKey.keysLocked(writeDay(keysLockedUntil, language), writeTime(keysLockedUntil, language));
}

type Way = Exclude<SignInWay, 'alone'>;

/** Those that serve: the one that was tried on this page first, else the last used in this browser. */
function orderWays({ card, codeToken, webAuthn, securityKeyFault, error, lastWay }: KeyPage): Way[] {
  const offered = { 'security-key': webAuthn, code: codeToken, card };
  const tried = securityKeyFault ? 'security-key' : codeToken?.error ? 'code' : error ? 'card' : null;
  const ways = (['security-key', 'code', 'card'] as const).filter((way) => offered[way] !== null);
  const first = tried ?? lastWay;
  return ways.toSorted((a, b) => Number(b === first) - Number(a === first));
}

/** One of the ways; the first is the page's main one, and the last form has the way out. */
type WayPart = KeyPage & { readonly isMain: boolean; readonly cancelsBelow: boolean };

function WayPart(props: WayPart & { readonly way: Way }): VNode | null {
  const { t, way, isMain, webAuthn, codeToken, card } = props;
  switch (way) {
    case 'security-key':
      return webAuthn && <SecurityKeyPart {...props} webAuthn={webAuthn} />;
    case 'code':
      return (
        codeToken && (
          <>
            {isMain ? null : <h2>{t.codeTokenStep.choice}</h2>}
            <CodeTokenForm {...props} asked={codeToken} />
          </>
        )
      );
    case 'card':
      return (
        card && (
          <>
            {isMain ? null : <h2>{codeToken ? t.codeTokenStep.card : t.securityKey.card}</h2>}
            <CardKeyPart {...props} card={card} />
          </>
        )
      );
  }
}

/** What does not serve is not shown; where nothing else does, the way out stays. */
function SecurityKeyPart(props: WayPart & { readonly webAuthn: WebAuthnRequest }): VNode {
  const { t, card, codeToken, isMain } = props;
  const words = t.securityKey;
  const isAlone = card === null && codeToken === null;
  return (
    <>
      {isMain ? (
        <div data-webauthn-missing>
          <p>{isAlone ? words.missingWithoutCard : words.missing}</p>
          {isAlone ? (
            <form method="post" action={props.formsGoTo}>
              <FormProof {...props} />
              <Actions>
                <CancelButton t={t} />
              </Actions>
            </form>
          ) : null}
        </div>
      ) : null}
      <SecurityKeyForm
        {...props}
        isOnly={false}
        submit={words.submit}
        intro={
          <>
            {isMain ? null : <h2>{words.heading}</h2>}
            <p>{words.how}</p>
          </>
        }
        cancel={isAlone ? <CancelButton t={t} /> : null}
      />
    </>
  );
}

/**
 * The key for the numbered challenge. The form contains the card number and key number that it showed.
 */
function CardKeyPart(props: WayPart & { readonly card: AskedCard }): VNode {
  const { t, card, error, isMain } = props;
  const { cardNumber, keyNumber, place, keysLeft } = card;
  const words = t.key;
  return (
    <Challenge t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place}>
      <StepForm {...props} step="key" hidden={{ cardNumber, keyNumber }} submit={words.submit}>
        <KeyField t={t} fault={error && composeKeyErrorText(t, error)} isAfter={!isMain} />
        {keysLeft <= FEW_KEYS ? (
          <p>
            {keysLeft === 1 ? words.leftOne : words.left(keysLeft)}{' '}
            {writeNextCard({ ...props, nextCard: card.nextCard })}
          </p>
        ) : null}
        {props.offersOwnBrowser ? <OwnComputer {...props} /> : null}
      </StepForm>
    </Challenge>
  );
}

/** The computer may be shared: the person at the browser need not be the one who signed in. */
function AnotherPersonForm(props: KeyPage): VNode {
  const { t } = props;
  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} />
      <Actions>
        <SubmitButton kind="unstyled" name="another" value="1" text={t.key.another} />
      </Actions>
    </form>
  );
}

/** Writes when the new card is expected, if one is on the way. */
export function writeNextCard({
  t,
  language,
  nextCard,
}: Pick<KeyPage, 't' | 'language'> & { readonly nextCard: NextCard }): string {
  if (!nextCard) return '';
  if (!nextCard.expected) return t.comingCard.ordered;
  return t.comingCard.sent(writeDates(nextCard.expected, language));
}

/** When ticked, this browser is known from now on: wrong attempts of strangers cannot lock it. */
function OwnComputer({ t }: KeyPage): VNode {
  return (
    <div class="form-group-checkbox noegle-own">
      <input
        class="form-checkbox"
        type="checkbox"
        id="ownComputer"
        name="ownComputer"
        value="1"
        aria-describedby="ownComputer-hint"
      />
      <label class="form-label" for="ownComputer">
        {t.key.ownComputer}
      </label>
      <span class="form-hint" id="ownComputer-hint">
        {t.key.ownComputerHint}
      </span>
    </div>
  );
}
