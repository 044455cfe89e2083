/** What the dispatcher found next, as a page: the words of a step's outcome, and what the page needs of the state. */
import type { VNode } from 'preact';
import { TYPED_FAULTS } from '../../core/input/nameAndPassword.ts';
import { keysLeft, type ComingCard } from '../../core/keyCard.ts';
import type { ActivationOutcome } from '../../core/issuing/activation.ts';
import type { Outcome } from '../../core/signIn.ts';
import type { StepToShow } from '../../usecases/signIn/showSignIn.ts';
import type { Frame, SignInFrame } from '../layout.tsx';
import { ConsentPage } from '../pages/consent.tsx';
import { ContinuePage } from '../pages/continue.tsx';
import { KeyPage, type KeyError } from '../pages/key.tsx';
import { LockedPage } from '../pages/locked.tsx';
import { NewCardPage } from '../pages/newCard.tsx';
import { PasswordPage, type PasswordError } from '../pages/password.tsx';
import { PublicSitesPage } from '../pages/publicSites.tsx';
import { RefusedPage } from '../pages/refused.tsx';

export interface PageGround {
  readonly frame: Frame & SignInFrame;
  readonly loginHint: string;
  /** No key follows. */
  readonly passwordAlone: boolean;
  readonly waitHours: number;
  /** Where an ID is taken into use, and back from there to this sign-in. */
  readonly activateAt: string;
}

/** What there is a page for. */
export type PageShown = Exclude<StepToShow, { page: 'expired' }>;

export function pageOf(ground: PageGround, shown: PageShown): VNode {
  const { frame } = ground;
  switch (shown.page) {
    case 'password': {
      const typedName = shown.typedName || ground.loginHint;
      const { passwordAlone, activateAt } = ground;
      return PasswordPage({
        ...frame,
        typedName,
        passwordAlone,
        activateAt,
        error: passwordError(shown.outcome),
        beginsAgain: shown.outcome?.kind === 'begin_again',
      });
    }
    case 'key':
      return KeyPage({
        ...frame,
        cardNumber: shown.card.cardNumber,
        keyNumber: shown.keyNumber,
        keysLeft: keysLeft(shown.card.spent),
        coming: coming(shown.coming),
        offersOwnBrowser: !shown.knownBrowser,
        isStepUp: shown.isStepUp,
        error: keyError(shown.outcome),
      });
    case 'new-card': {
      const { outcome, instead } = shown;
      return NewCardPage({
        ...frame,
        cardNumber: shown.card.cardNumber,
        keyNumber: shown.keyNumber,
        instead,
        waitHours: ground.waitHours,
        error: outcome?.kind === 'locked' ? 'locked' : keyError(outcome),
      });
    }
    case 'done':
    case 'password-enough':
      return ContinuePage(frame);
    case 'public-sites':
      return PublicSitesPage({ ...frame, bar: shown.bar });
    case 'consent':
      return ConsentPage({
        ...frame,
        values: shown.values,
        offline: shown.scopes.includes('offline_access'),
      });
    case 'locked':
      return LockedPage({ ...frame, wrongStep: shown.step, opensAt: shown.opensAt, code: shown.code });
    case 'refused':
      return RefusedPage({
        ...frame,
        refusal: shown.refusal,
        coming: coming(shown.coming),
        opensAt: shown.coming?.activatesAt ?? null,
        activateAt: ground.activateAt,
      });
  }
}

/** What the person may be told of a card on the way. */
function coming(card: ComingCard | null) {
  return card && { expected: card.expected };
}

function passwordError(outcome: Outcome | null): PasswordError | null {
  if (outcome?.kind === 'wrong_password') return outcome.left === 1 ? 'lastBeforeLock' : 'wrong';
  return TYPED_FAULTS.find((one) => one === outcome?.kind) ?? null;
}

/** What a key page mentions of the last answer. */
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
