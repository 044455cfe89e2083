/**
 * Wrong answers, as they are counted: one event an hour, identity and kind. What each is in words:
 * features/selfService/activity/failures.words.*.ts.
 */
export type FailureKind =
  /** At a sign-in. */
  | 'password'
  | 'key'
  | 'sign_in_code'
  /** When an ID is taken into use. */
  | 'temporary_password'
  | 'activation_key'
  /** On the page that blocks. */
  | 'block_password'
  /** An order online whose details are not those of the register. */
  | 'order'
  /** In self-service, to confirm something. */
  | 'confirmation_key';
