/** Why a code token is not given out, activated or adjusted. Nothing was changed then. */
export type CodeTokenRefusal =
  | 'id_blocked'
  | 'no_address'
  | 'out_of_code_tokens'
  | 'code_token_on_the_way'
  | 'no_code_token'
  | 'code_token_waits'
  /** Under 15, and no officer has checked the guardian. */
  | 'needs_guardian'
  /** The code was accepted in the meantime, or another one after it. */
  | 'code_spent';
