import type { VNode } from 'preact';
import { findFaultyField, type CredentialInputFault } from '../../domain/input/nameAndPassword.ts';
import { Actions, FormPage, Submit, FormOnce, listFault } from '../../ui/form.tsx';
import { HelpLinks } from '../../ui/help.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Field } from '../../ui/stepForm.tsx';
import { BlockChoices } from '../../ui/blockChoices.tsx';

export interface BlockPage extends PageFrame {
  readonly typedName: string;
  readonly what: 'card' | 'identity';
  readonly error: CredentialInputFault | null;
  /** Drawn at random for each page, so that a double-click is recognised. */
  readonly form: string;
}

/**
 * Blocks a card or ID that is lost or may be known to someone else: with user ID and password only, also
 * while sign-in is locked.
 */
export function BlockPage(props: BlockPage): VNode {
  const { t, error } = props;
  const words = t.block;
  // The words for a CPR number and similar input are those of the sign-in.
  const text = error && (error === 'incomplete' ? words.incomplete : t.password[error]);
  const field = error && findFaultyField(error, props.typedName);
  const errorAt = (name: typeof field) => (field === name && text ? text : error === 'incomplete');
  return (
    <FormPage
      layout={Page}
      frame={props}
      page="block"
      title={words.title}
      errors={listFault(field ?? 'userId', text)}
    >
      <p>{words.why}</p>
      <form method="post" action="/block">
        <FormOnce id={props.form} />
        <input type="hidden" name="form" value={props.form} />
        <Field
          name="userId"
          label={t.password.userId}
          hint={t.password.userIdHint}
          hasError={errorAt('userId')}
          autocomplete="username"
          value={props.typedName}
        />
        <Field
          name="password"
          label={t.password.password}
          hasError={errorAt('password')}
          type="password"
          autocomplete="current-password"
        />
        <BlockChoices words={words} chosen={props.what} />
        <Submit text={words.submit} />
      </form>
      <HelpLinks t={t} topics={['lost-card']} />
    </FormPage>
  );
}

/**
 * The same for everyone, regardless of what was typed: no one learns here whether a name or a password is
 * right.
 */
export function BlockReceivedPage(props: PageFrame): VNode {
  const words = props.t.blockReceived;
  return (
    <Page {...props} page="block-received" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <p>{words.doubt}</p>
      <p>{words.next}</p>
      <Actions>
        <a class="button button-secondary" href="/block">
          {words.again}
        </a>
      </Actions>
    </Page>
  );
}
