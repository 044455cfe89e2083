/** Renders the next page of a sign-in: the words for an outcome, and what the page needs of the state. */
import type { VNode } from 'preact';
import { CREDENTIAL_INPUT_FAULTS } from '../../domain/input/nameAndPassword.ts';
import { countKeysLeft, type ComingCard } from '../../domain/card/keyCard.ts';
import type { SecurityKeyFault } from '../../domain/factors/securityKey.ts';
import type { SignInOutcome } from '../../domain/signIn/signIn.ts';
import type { StepToShow } from './showSignIn.ts';
import type { PageFrame, SignInFrame } from '../../ui/layout.tsx';
import { codeError } from './codeToken/codeTokenForm.page.tsx';
import { ConsentPage } from './consent/consent.page.tsx';
import { ContinuePage } from './continue.page.tsx';
import { keyError, KeyPage } from './key/key.page.tsx';
import { LockedPage } from './locked.page.tsx';
import { NewCardPage } from './newCard/newCard.page.tsx';
import { PasswordPage, type PasswordError } from './password/password.page.tsx';
import { PublicSitesPage } from './publicSites/publicSites.page.tsx';
import { RefusedPage } from './refused.page.tsx';
import type { SignInWay } from './remember/lastWayCookie.ts';

export interface SignInPageOptions {
  readonly frame: PageFrame & SignInFrame;
  readonly loginHint: string;
  /** The user ID that this computer remembers, if any. */
  readonly remembered: string | null;
  readonly isRememberTicked: boolean;
  /** By which this browser was last signed in with, where there was a choice. */
  readonly lastWay: SignInWay | null;
  /** What the relying party needs an ID for, where it has registered that. */
  readonly purpose: string | null;
  /** No key follows. */
  readonly passwordAlone: boolean;
  readonly waitHours: number;
  /** The address for activating an ID, which leads back to this sign-in. */
  readonly activateAt: string;
}

/** The steps that have a page. */
export type SignInPageShown = Exclude<StepToShow, { page: 'expired' }>;

export function signInPage(options: SignInPageOptions, shown: SignInPageShown): VNode {
  const { frame } = options;
  switch (shown.page) {
    case 'password': {
      const { passwordAlone, activateAt, remembered, isRememberTicked } = options;
      const typedName = shown.typedName || options.loginHint || (remembered ?? '');
      return PasswordPage({
        ...frame,
        typedName,
        passwordAlone,
        activateAt,
        isRemembered: remembered !== null && typedName === remembered,
        isRememberTicked,
        isPasskeyFirst: options.lastWay === 'alone',
        isActivated: shown.outcome?.kind === 'activated',
        error: passwordError(shown.outcome),
        webAuthn: shown.webAuthn,
        securityKeyFault: securityKeyFault(shown.outcome),
        beginsAgain: shown.outcome?.kind === 'begin_again',
      });
    }
    case 'key':
      return KeyPage({
        ...frame,
        card: shown.card && {
          cardNumber: shown.card.cardNumber,
          keyNumber: shown.keyNumber,
          place: shown.place,
          keysLeft: countKeysLeft(shown.card.spent),
          nextCard: toExpectedCard(shown.nextCard),
        },
        codeToken: shown.codeToken && {
          serialNumber: shown.codeToken.serialNumber,
          error: codeError(shown.outcome),
        },
        webAuthn: shown.webAuthn,
        securityKeyFault: securityKeyFault(shown.outcome),
        keysLockedUntil: shown.outcome?.kind === 'locked' ? shown.outcome.opensAt : null,
        offersOwnBrowser: !shown.knownBrowser,
        lastWay: options.lastWay,
        isStepUp: shown.isStepUp,
        error: keyError(shown.outcome),
      });
    case 'new-card': {
      const { outcome, instead, waits } = shown;
      return NewCardPage({
        ...frame,
        cardNumber: shown.card.cardNumber,
        keyNumber: shown.keyNumber,
        place: shown.place,
        instead,
        waits,
        waitHours: options.waitHours,
        error: outcome?.kind === 'locked' ? 'locked' : keyError(outcome),
      });
    }
    case 'done':
    case 'password-enough':
      return ContinuePage(frame);
    case 'public-sites':
      return PublicSitesPage({ ...frame, blocker: shown.blocker });
    case 'consent':
      return ConsentPage({
        ...frame,
        values: shown.values,
        purpose: options.purpose,
        offline: shown.scopes.includes('offline_access'),
      });
    case 'locked':
      return LockedPage({ ...frame, wrongStep: shown.step, opensAt: shown.opensAt, code: shown.code });
    case 'refused':
      return RefusedPage({
        ...frame,
        refusal: shown.refusal,
        nextCard: toExpectedCard(shown.nextCard),
        opensAt: shown.nextCard?.activatesAt ?? null,
        activateAt: options.activateAt,
      });
  }
}

/** The part of a card on the way that the person may see. */
function toExpectedCard(card: ComingCard | null) {
  return card && { expected: card.expected };
}

function securityKeyFault(outcome: SignInOutcome | null): SecurityKeyFault | null {
  return outcome?.kind === 'security_key_refused' ? outcome.why : null;
}

function passwordError(outcome: SignInOutcome | null): PasswordError | null {
  if (outcome?.kind === 'wrong_password') return outcome.left === 1 ? 'lastBeforeLock' : 'wrong';
  return CREDENTIAL_INPUT_FAULTS.find((one) => one === outcome?.kind) ?? null;
}
