/** Renders the view that the dispatcher of an activation chose. */
import type { VNode } from 'preact';
import { cleanNameForPage } from '../../domain/input/nameAndPassword.ts';
import type { ActivationOutcome } from '../../domain/issuing/activation.ts';
import type { ActivationView } from './showActivation.ts';
import type { PostedForm } from '../../http/forms.ts';
import { keyError } from '../signIn/index.ts';
import { ActivateChoosePage } from './choose.page.tsx';
import { ActivateEmailPage } from './email.page.tsx';
import type { ActivationFrame } from './form.page.tsx';
import { ActivateKeyPage, ActivateLockedPage } from './key.page.tsx';
import { ActivatePage, type ActivatePage as StartProps } from './start.page.tsx';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { ActivateDonePage, ActivateMessagePage } from './message.page.tsx';

export interface ActivationPageProps {
  readonly frame: ActivationFrame;
  /** The path of the sign-in that led here. */
  readonly backTo: string | null;
  /** Random for this page: a form with it counts once. */
  readonly nonce: string;
}

export function activationPageOf(
  { frame, backTo, nonce }: ActivationPageProps,
  shown: ActivationView,
): VNode {
  switch (shown.page) {
    case 'start':
      return ActivatePage({ ...frame, typedName: shown.typed, error: startError(shown.outcome) });
    case 'key':
      return ActivateKeyPage({
        ...frame,
        cardNumber: shown.card.cardNumber,
        keyNumber: shown.keyNumber,
        place: shown.place,
        isFirst: shown.isFirst,
        nonce,
        error: keyError(shown.outcome),
      });
    case 'locked':
      return ActivateLockedPage({ ...frame, opensAt: shown.opensAt });
    case 'told':
      return ActivateMessagePage({ ...frame, message: shown.message, opensAt: shown.opensAt });
    case 'choose': {
      const { userId } = shown.identity;
      return ActivateChoosePage({
        ...frame,
        userId: shown.typed ?? userId ?? '',
        hasUserId: userId !== null,
        hasAcceptedTerms: shown.hasAcceptedTerms,
        faults: shown.faults,
      });
    }
    case 'done':
      if (shown.waiting) {
        const { waiting, isFresh } = shown;
        const typed = { code: '', email: '' };
        return ActivateEmailPage({ ...frame, waiting, isFresh, fault: null, backTo, typed });
      }
      return donePageOf({ frame, backTo }, shown, null);
  }
}

/** @param another an e-mail address that was sent when no other one can be given any longer; null for none */
export function donePageOf(
  { frame, backTo }: Pick<ActivationPageProps, 'frame' | 'backTo'>,
  { identity, blocker, isFresh, needsGuardian }: Extract<ActivationView, { page: 'done' }>,
  another: string | null,
): VNode {
  const { publicSites, proofing, isBlocked } = identity;
  const offersSecurityKey = isFresh && !isBlocked;
  const page = { publicSites, proofing, blocker, backTo, offersSecurityKey, needsGuardian, another };
  return ActivateDonePage({ ...frame, ...page });
}

/** Renders the submitted form from its own fields, without stored data; null when it has nothing to lose. */
export function typedActivationPage(
  frame: ActivationFrame,
  form: PostedForm,
  why: UnprocessedKind,
): VNode | null {
  const typed = form.get('userId') ?? '';
  switch (form.get('step')) {
    case 'start':
      return ActivatePage({ ...frame, typedName: cleanNameForPage(typed), error: null, unseen: why });
    case 'choose':
      return ActivateChoosePage({
        ...frame,
        userId: typed,
        hasUserId: form.get('before') === 'yes',
        hasAcceptedTerms: form.get('accepted') === 'yes',
        faults: null,
        unseen: { why, ticked: ['terms', 'understood'].filter((name) => form.has(name)) },
      });
    default:
      return null;
  }
}

function startError(outcome: ActivationOutcome | null): StartProps['error'] {
  switch (outcome?.kind) {
    case 'incomplete':
    case 'cpr_number':
    case 'name_unreadable':
    case 'password_unreadable':
    case 'wrong_temporary':
    case 'too_soon':
    case 'over':
      return outcome.kind;
    default:
      return null;
  }
}
