import type { VNode } from 'preact';
import type { ChoiceFaults } from '../../../core/issuing/activation.ts';
import { TERMS_VERSION } from '../../../core/issuing/terms.ts';
import { Page } from '../../layout.tsx';
import type { Texts } from '../../text/da.ts';
import { ActivationForm, AgainForm, type ActivationFrame } from './form.tsx';

export interface ActivateChoosePage extends ActivationFrame {
  readonly userId: string;
  /** Somebody who had one before may keep it. */
  readonly hasUserId: boolean;
  readonly faults: ChoiceFaults | null;
}

interface Fault {
  readonly field: 'userId' | 'password' | 'terms' | 'understood';
  readonly text: string;
}

function faultsIn(words: Texts['activate']['choose'], faults: ChoiceFaults | null): Fault[] {
  if (!faults) return [];
  const { userId, password, terms, understood } = faults;
  return [
    ...(userId ? [{ field: 'userId', text: words.faults.userId[userId] } as const] : []),
    {
      field: 'password',
      text: password ? words.faults.password[password] : words.passwordAgain,
    },
    ...(terms ? [{ field: 'terms', text: words.faults.terms } as const] : []),
    ...(understood ? [{ field: 'understood', text: words.faults.understood } as const] : []),
  ];
}

/** Step 3: what the person will sign in with, and the terms. All that is to be mended is said at once. */
export function ActivateChoosePage(props: ActivateChoosePage): VNode {
  const { t, hasUserId } = props;
  const words = t.activate.choose;
  const title = hasUserId ? words.titleAgain : words.title;
  const faults = faultsIn(words, props.faults);
  const textOf = (field: Fault['field']) => faults.find((one) => one.field === field)?.text ?? null;
  const ticked = (field: 'terms' | 'understood') => props.faults !== null && !props.faults[field];
  return (
    <Page {...props} page="activate-choose" title={title} hasError={faults.length > 0}>
      <p class="noegle-step">{t.activate.step(3)}</p>
      <h1>{title}</h1>
      {faults.length > 0 ? <Summary t={t} faults={faults} /> : null}
      <ActivationForm
        {...props}
        step="choose"
        hidden={{ version: TERMS_VERSION }}
        submit={hasUserId ? words.submit : words.submitFirst}
      >
        <ChoiceField
          name="userId"
          label={words.userId}
          hint={hasUserId ? `${words.userIdHint} ${words.userIdKeep}` : words.userIdHint}
          fault={textOf('userId')}
          autocomplete="username"
          value={props.userId}
        />
        <ChoiceField
          name="password"
          label={words.password}
          hint={words.passwordHint}
          fault={textOf('password')}
          autocomplete="new-password"
        />
        <p class="noegle-first">
          <a href="/terms" target="_blank" rel="noopener">
            {words.readTerms}
          </a>
        </p>
        <Tick name="terms" label={words.terms} fault={textOf('terms')} checked={ticked('terms')} />
        <Tick
          name="understood"
          label={words.understood}
          fault={textOf('understood')}
          checked={ticked('understood')}
        />
      </ActivationForm>
      <AgainForm {...props} isMain={false} />
    </Page>
  );
}

function Summary({ t, faults }: { t: Texts; faults: readonly Fault[] }): VNode {
  return (
    <div class="alert alert-error" role="alert">
      <div class="alert-body">
        <p class="alert-heading">{t.errorSummary}</p>
        <ul class="noegle-list">
          {faults.map(({ field, text }) => (
            <li key={field}>
              <a href={`#${field}`}>{text}</a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function FaultText({ name, fault }: { name: string; fault: string | null }): VNode | null {
  if (fault === null) return null;
  return (
    <span class="form-error-message" id={`${name}-error`}>
      {fault}
    </span>
  );
}

interface ChoiceField {
  readonly name: 'userId' | 'password';
  readonly label: string;
  readonly hint: string;
  readonly fault: string | null;
  readonly autocomplete: string;
  readonly value?: string;
}

function ChoiceField({ name, label, hint, fault, ...rest }: ChoiceField): VNode {
  const attributes = {
    ...rest,
    id: name,
    name,
    class: 'form-input',
    required: true,
    autocapitalize: 'none',
    spellcheck: false,
    'aria-describedby': fault === null ? `${name}-hint` : `${name}-hint ${name}-error`,
    'aria-invalid': fault === null ? undefined : ('true' as const),
  } as const;
  return (
    <div class={fault === null ? 'form-group' : 'form-group form-error'}>
      <label class="form-label" for={name}>
        {label}
      </label>
      <span class="form-hint" id={`${name}-hint`}>
        {hint}
      </span>
      <FaultText name={name} fault={fault} />
      {name === 'password' ? (
        <input {...attributes} type="password" />
      ) : (
        <input {...attributes} type="text" />
      )}
    </div>
  );
}

interface Tick {
  readonly name: 'terms' | 'understood';
  readonly label: string;
  readonly fault: string | null;
  readonly checked: boolean;
}

function Tick({ name, label, fault, checked }: Tick): VNode {
  return (
    <div class={fault === null ? 'form-group' : 'form-group form-error'}>
      <FaultText name={name} fault={fault} />
      <div class="form-group-checkbox">
        <input
          class="form-checkbox"
          type="checkbox"
          id={name}
          name={name}
          value="1"
          checked={checked}
          aria-describedby={fault === null ? undefined : `${name}-error`}
          aria-invalid={fault === null ? undefined : 'true'}
        />
        <label class="form-label" for={name}>
          {label}
        </label>
      </div>
    </div>
  );
}
