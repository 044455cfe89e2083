/** How long a person has to appeal against a refusal. */
import { daysAfter, toDanishDay } from '../../../domain/calendar.ts';
import type { RefusalReason } from '../../../domain/issuing/application.ts';

export const APPEAL_DAYS = 28;

/** The last day, at noon, for a person who got the decision on that day. */
export function findAppealDeadline(decidedAt: Date): Date {
  return new Date(`${daysAfter(toDanishDay(decidedAt), APPEAL_DAYS)}T11:00:00Z`);
}

/** The rules of the terms about who can get an ID. */
export type IssuingRule = 'identification' | 'use' | 'accept' | 'age' | 'register' | 'address';

/** The rule that each reason is based on. */
export const RULE_OF: Readonly<Record<RefusalReason, IssuingRule>> = {
  no_identification: 'identification',
  identification_invalid: 'identification',
  identification_expired: 'identification',
  identification_not_theirs: 'identification',
  needs_interpreter: 'use',
  cannot_operate_alone: 'use',
  terms_not_accepted: 'accept',
  no_guardian: 'age',
  under_15_online: 'age',
  not_in_register: 'register',
  dead: 'register',
  emigrated: 'register',
  no_address: 'address',
};
