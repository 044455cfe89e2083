import type { lookReasonsDa } from './lookReasons.words.da.ts';

export const lookReasonsEn: typeof lookReasonsDa = {
  two_ids_by_register: 'The CPR register says that the citizen has two IDs',
  no_second_id: 'A check that nobody gets two IDs',
  issued_by_command: 'An ID is issued from the command line',
  shown_at_issuing: 'Identification shown when an ID was issued',
  cpr_change: 'A proposal about a new CPR number',
  colleague_action: 'A proposal about the ID of a member of staff',
};
