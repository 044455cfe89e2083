import type { VNode } from 'preact';
import type { KeyPlace } from '../../../domain/card/cardLayout.ts';
import type { ActivationOutcome } from '../../../domain/issuing/activation.ts';
import { Challenge } from '../../../ui/challenge.tsx';
import { Actions, FormPage, Hidden, SubmitButton, listFault } from '../../../ui/form.tsx';
import { HelpLinks } from '../../../ui/help.tsx';
import { writeDates, writeDay, writeTime } from '../../../ui/language.ts';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';
import { CancelButton, FormProof, KeyField } from '../../../ui/stepForm.tsx';
import type { SecurityKeyFault } from '../../../domain/factors/securityKey.ts';
import { CodePart, composeCodeErrorText, type AskedCode } from '../codeToken/codeTokenForm.page.tsx';
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
      {ways[0] === 'security-key' ? <SecurityKeyPart {...props} isMain /> : null}
      <FactorForm
        {...props}
        ways={ways.filter((way) => way !== 'security-key')}
        isMain={ways[0] !== 'security-key'}
      />
      {ways.indexOf('security-key') > 0 ? <SecurityKeyPart {...props} isMain={false} /> : null}
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

interface FactorForm extends KeyPage {
  /** None where only a security key serves: the way out stays. */
  readonly ways: readonly Exclude<Way, 'security-key'>[];
  /** No other way is shown before it. */
  readonly isMain: boolean;
}

/**
 * All that is typed, in one form: the page has each hidden field once. What was typed says which way it is;
 * the Enter key presses the first button.
 */
function FactorForm(props: FactorForm): VNode {
  const { t, card, codeToken, ways } = props;
  const steps = { code: 'code-token', card: 'key' } as const;
  const [first] = ways;
  const wayOut = (
    <>
      {props.isStepUp ? (
        <SubmitButton kind="unstyled" name="another" value="1" skipsChecks text={t.key.another} />
      ) : null}
      <CancelButton t={t} />
    </>
  );
  return (
    <form method="post" action={props.formsGoTo}>
      <FormProof {...props} {...(first && { step: steps[first] })} />
      {card ? <Hidden values={{ cardNumber: card.cardNumber, keyNumber: card.keyNumber }} /> : null}
      {ways.map((way, i) => {
        const shared = { ...props, isMain: props.isMain && i === 0, isOptional: ways.length > 1 };
        const submit = (
          <Actions>
            <SubmitButton
              kind={shared.isMain ? 'primary' : 'secondary'}
              text={way === 'code' ? t.codeTokenStep.submit : t.key.submit}
              {...(ways.length > 1 && { name: 'way', value: steps[way] })}
            />
            {i === ways.length - 1 ? wayOut : null}
          </Actions>
        );
        return way === 'code'
          ? codeToken && <CodeTokenPart {...shared} asked={codeToken} submit={submit} />
          : card && <CardKeyPart {...shared} card={card} submit={submit} />;
      })}
      {first ? null : <Actions>{wayOut}</Actions>}
    </form>
  );
}

interface TypedPart extends KeyPage {
  readonly isMain: boolean;
  readonly isOptional: boolean;
  readonly submit: VNode;
}

function CodeTokenPart(props: TypedPart & { readonly asked: AskedCode }): VNode {
  const { t, isMain, submit } = props;
  return (
    <>
      {isMain ? null : <h2>{t.codeTokenStep.choice}</h2>}
      <CodePart {...props} />
      {submit}
    </>
  );
}

/** What does not serve is not shown. */
function SecurityKeyPart(props: KeyPage & { readonly isMain: boolean }): VNode | null {
  const { t, card, codeToken, isMain, webAuthn } = props;
  const words = t.securityKey;
  const isAlone = card === null && codeToken === null;
  if (!webAuthn) return null;
  return (
    <>
      {isMain ? (
        <div data-webauthn-missing>
          <p>{isAlone ? words.missingWithoutCard : words.missing}</p>
        </div>
      ) : null}
      <SecurityKeyForm
        {...props}
        webAuthn={webAuthn}
        isOnly={false}
        submit={words.submit}
        intro={
          <>
            {isMain ? null : <h2>{words.heading}</h2>}
            <p>{words.how}</p>
          </>
        }
      />
    </>
  );
}

/** The key for the numbered challenge. The form contains the card number and key number that it showed. */
function CardKeyPart(props: TypedPart & { readonly card: AskedCard }): VNode {
  const { t, card, codeToken, error, isMain, isOptional, submit } = props;
  const { cardNumber, keyNumber, place, keysLeft } = card;
  const words = t.key;
  return (
    <>
      {isMain ? null : <h2>{codeToken ? t.codeTokenStep.card : t.securityKey.card}</h2>}
      <Challenge t={t} cardNumber={cardNumber} keyNumber={keyNumber} place={place}>
        <KeyField
          t={t}
          fault={error && composeKeyErrorText(t, error)}
          isAfter={!isMain}
          isOptional={isOptional}
        />
        {keysLeft <= FEW_KEYS ? (
          <p>
            {keysLeft === 1 ? words.leftOne : words.left(keysLeft)}{' '}
            {writeNextCard({ ...props, nextCard: card.nextCard })}
          </p>
        ) : null}
        {props.offersOwnBrowser ? <OwnComputer {...props} /> : null}
        {submit}
      </Challenge>
    </>
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
