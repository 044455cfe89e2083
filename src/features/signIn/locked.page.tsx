import type { VNode } from 'preact';
import type { SignInCodeOutcome } from '../../domain/signIn/signIn.ts';
import { Actions, FirstButton, FormPage, SubmitButton, listFault } from '../../ui/form.tsx';
import { HelpLinks } from '../../ui/help.tsx';
import { writeDay, writeTime } from '../../ui/language.ts';
import { Page, type PageFrame, type SignInFrame } from '../../ui/layout.tsx';
import { BackForm } from './refused.page.tsx';
import { Field, StepForm } from '../../ui/stepForm.tsx';

export interface LockedPage extends PageFrame, SignInFrame {
  readonly wrongStep: 'password' | 'key';
  /** Null when it does not open automatically. */
  readonly opensAt: Date | null;
  /** The outcome of a code, when one is needed. */
  readonly code: SignInCodeOutcome | null;
}

/** Shown after too many wrong answers: what happened, and when it opens. The same for an unknown name. */
export function LockedPage(props: LockedPage): VNode {
  const { t, language, opensAt, wrongStep } = props;
  if (!opensAt) return <CodeNeededPage {...props} />;
  return (
    <Page {...props} page="locked" title={t.locked.title}>
      <h1>{t.locked.title}</h1>
      <p>
        {t.locked[wrongStep]} {t.locked.why}
      </p>
      <p class="noegle-lead">
        <strong>{t.locked.heading(writeDay(opensAt, language), writeTime(opensAt, language))}.</strong>
      </p>
      <p>{t.locked.next[wrongStep]}</p>
      <BackForm {...props} />
      {wrongStep === 'key' ? (
        <HelpLinks t={t} topics={['lost-card']} />
      ) : (
        <HelpLinks t={t} topics={['cannot-sign-in']} offersNewPassword />
      )}
    </Page>
  );
}

/**
 * Shown when only a code opens the sign-in, which is sent to the person. Does not reveal whether one was
 * sent.
 */
function CodeNeededPage(props: LockedPage): VNode {
  const { t, code } = props;
  const words = t.locked.unknownBrowsers;
  const wrong = code === 'wrong' || code === 'incomplete' ? words[code] : null;
  return (
    <FormPage layout={Page} frame={props} page="locked" title={words.title} errors={listFault('code', wrong)}>
      <p>{words.why}</p>
      <p>{code === 'ordered' ? words.ordered : words.how}</p>
      <StepForm {...props} step="code" submit={words.submit}>
        <FirstButton text={words.submit} />
        <Actions>
          <SubmitButton kind="secondary" name="send" value="code" text={words.send} skipsChecks />
          <SubmitButton
            kind="unstyled"
            name="send"
            value="code_by_letter"
            text={words.byLetter}
            skipsChecks
          />
        </Actions>
        <Field
          name="code"
          label={words.label}
          hint={words.hint}
          hasError={wrong ?? false}
          autocomplete="one-time-code"
        />
      </StepForm>
      <p>{words.next}</p>
      <HelpLinks t={t} topics={['cannot-sign-in']} offersNewPassword />
    </FormPage>
  );
}
