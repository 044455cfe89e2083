import type { VNode } from 'preact';
import { ERROR_ID, ErrorSummary, Page, type Frame, type SignInFrame } from '../layout.tsx';

export interface PasswordPage extends Frame, SignInFrame {
  readonly typedName: string;
  readonly error: 'wrong' | 'incomplete' | null;
}

/** Step 1: user ID (or ID number) and password. Says the same of a wrong and of an unknown name. */
export function PasswordPage(props: PasswordPage): VNode {
  const { t, error } = props;
  const words = t.password;
  return (
    <Page {...props} page="password" title={words.title} hasError={error !== null} step={1}>
      <h1>{words.heading}</h1>
      {error ? <ErrorSummary t={t} text={words[error]} field="userId" /> : null}
      <form method="post">
        <input type="hidden" name="csrf" value={props.csrf} />
        <input type="hidden" name="step" value="password" />
        <div class={error ? 'form-group form-error' : 'form-group'}>
          <label class="form-label" for="userId">
            {words.userId}
          </label>
          <span class="form-hint" id="userId-hint">
            {words.userIdHint}
          </span>
          <input
            class="form-input"
            id="userId"
            name="userId"
            type="text"
            required
            autocomplete="username"
            autocapitalize="none"
            spellcheck={false}
            aria-describedby={error ? `userId-hint ${ERROR_ID}` : 'userId-hint'}
            aria-invalid={error ? 'true' : undefined}
            value={props.typedName}
          />
        </div>
        <div class={error ? 'form-group form-error' : 'form-group'}>
          <label class="form-label" for="password">
            {words.password}
          </label>
          <input
            class="form-input"
            id="password"
            name="password"
            type="password"
            required
            autocomplete="current-password"
            aria-describedby={error ? ERROR_ID : undefined}
            aria-invalid={error ? 'true' : undefined}
          />
        </div>
        <div class="noegle-actions">
          <button class="button button-primary" type="submit">
            {words.submit}
          </button>
          <button class="button button-unstyled" type="submit" name="cancel" value="1" formnovalidate>
            {t.cancel}
          </button>
        </div>
      </form>
    </Page>
  );
}
