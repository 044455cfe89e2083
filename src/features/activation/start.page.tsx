import type { VNode } from 'preact';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { Page } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { Field } from '../../ui/stepForm.tsx';
import { FormPage, listFault } from '../../ui/form.tsx';
import { ActivationForm, keepTypedInSwitch, type ActivationFrame } from './form.page.tsx';

export interface ActivatePage extends ActivationFrame {
  readonly typedName: string;
  readonly error: keyof Texts['activate']['start']['errors'] | null;
  /** The reason why the form was not processed. */
  readonly unseen?: UnprocessedKind | null;
}

/** Step 1: what is needed, and the temporary password. Shows the same for a wrong and for an unknown name. */
export function ActivatePage(props: ActivatePage): VNode {
  const { t, error, unseen = null } = props;
  const words = t.activate.start;
  const isFieldAtFault = error !== null && error !== 'over';
  const isPassword = error === 'password_unreadable';
  // Only one field is wrong, when that can be determined.
  const isBoth = isFieldAtFault && error !== 'cpr_number' && error !== 'name_unreadable';
  return (
    <FormPage
      layout={Page}
      frame={keepTypedInSwitch(props, words.submit)}
      page="activate"
      title={words.title}
      steps={{ names: t.steps.activate, current: 1 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} hasPassword />}
      errors={listFault(isPassword ? 'password' : 'userId', error && words.errors[error])}
    >
      <p>{words.why}</p>
      <p>{words.need}</p>
      <ul class="noegle-list">
        {words.needs.map((need) => (
          <li key={need}>{need}</li>
        ))}
      </ul>
      <p>{words.notYet}</p>
      <ActivationForm {...props} step="start" submit={words.submit}>
        <Field
          name="userId"
          label={words.name}
          hint={words.nameHint}
          hasError={isFieldAtFault && !isPassword && words.errors[error]}
          autocomplete="username"
          value={props.typedName}
        />
        <Field
          name="password"
          label={words.password}
          hint={words.passwordHint}
          hasError={isPassword ? words.errors[error] : isBoth}
          type="password"
          autocomplete="one-time-code"
        />
      </ActivationForm>
      <p class="noegle-first">
        {words.lost} <AppointmentLink {...props} />
      </p>
    </FormPage>
  );
}
