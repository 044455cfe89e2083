/** Why staff viewed an ID in the course of their work, without a typed reason. */
import type { LookReason } from '../../../domain/staff/lookReasons.ts';

export const lookReasonsDa: Readonly<Record<LookReason, string>> = {
  two_ids_by_register: 'CPR-registret siger, at borgeren har to ID’er',
  no_second_id: 'Kontrol af, at ingen får to ID’er',
  issued_by_command: 'Udstedelse af ID fra kommandolinjen',
  shown_at_issuing: 'Legitimation vist ved udstedelse af ID',
  cpr_change: 'Forslag om et nyt CPR-nummer',
  colleague_action: 'Forslag om en medarbejders ID',
};
