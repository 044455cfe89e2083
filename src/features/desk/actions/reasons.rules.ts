/** The reasons that staff choose from; what else there is to say they write beside it. */
import type { DeskAction } from '../../../domain/staff/desk.ts';

const OTHER_REASON = 'other';

const LOSS = ['lost', 'seen', 'fraud', 'asked'] as const;

const REASON_CHOICES = {
  'sign-out-everywhere': ['forgot', 'seen', 'asked'],
  'block-card': LOSS,
  'block-security-keys': ['device_lost', 'not_theirs', 'fraud', 'asked'],
  'block-code-token': ['lost', 'not_theirs', 'fraud', 'asked'],
  'block-id': LOSS,
  'stop-activation': ['not_theirs', 'fraud'],
  'call-off-email': ['not_theirs', 'fraud', 'asked'],
  'skip-wait': ['present'],
  'new-card': ['lost', 'worn', 'not_come'],
  'add-security-key': ['asked', 'lost', 'device_lost'],
  'give-code-token': ['asked', 'lost', 'worn'],
  'adjust-code-token': ['asked', 'drifted'],
  'temporary-password': ['forgotten', 'not_come'],
  reopen: ['found', 'mistake', 'safe'],
  'proof-identity': ['present'],
  'public-sites-on': ['asked'],
  'public-sites-off': ['asked'],
} as const satisfies Readonly<Record<DeskAction, readonly string[]>>;

export type ReasonChoice = (typeof REASON_CHOICES)[DeskAction][number] | typeof OTHER_REASON;

export function listReasonChoices(action: DeskAction): readonly ReasonChoice[] {
  return [...REASON_CHOICES[action], OTHER_REASON];
}

/**
 * The reason as it is stored: the chosen one in words, and what was written. Without a choice, or with
 * "another reason", it is what was written.
 */
export function composeReason(
  action: DeskAction,
  { why, reason }: { readonly why: string; readonly reason: string },
  words: Readonly<Record<ReasonChoice, string>>,
): string {
  const choices: readonly ReasonChoice[] = REASON_CHOICES[action];
  const chosen = choices.find((one) => one === why);
  const written = reason.trim();
  if (chosen === undefined) return written;
  return written === '' ? words[chosen] : `${words[chosen]}: ${written}`;
}
