/**
 * The kinds of wrong answers, each counted in one event for each hour, identity and kind. Their words:
 * features/selfService/activity/failures.words.*.ts.
 */
export type FailureKind =
  /** At a sign-in. */
  | 'password'
  | 'key'
  /** Also in self-service: a code, or two in a row. */
  | 'code_token'
  | 'security_key'
  | 'sign_in_code'
  /** At the activation of an ID. */
  | 'temporary_password'
  | 'activation_key'
  /** On the public form that blocks an ID or a card. */
  | 'block_password'
  /** On the public form that orders a new password by a key. Still counted as `key`; read where it stands. */
  | 'new_password_key'
  /** An online order whose details do not match the population register. */
  | 'order'
  /** In self-service, to confirm an action. */
  | 'confirmation_key'
  /** At the counter, typed by the person. */
  | 'desk_key';
