import type { VNode } from 'preact';
import { leavesCard, type BlockTarget } from '../../domain/factors/heldFactors.ts';
import { findFaultyField, type CredentialInputFault } from '../../domain/input/nameAndPassword.ts';
import { Actions, FormOnce, FormPage, Hidden, listFault, SubmitButton } from '../../ui/form.tsx';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { HelpLinks } from '../../ui/help.tsx';
import { Page, PhoneLink, type PageFrame } from '../../ui/layout.tsx';
import { Field } from '../../ui/stepForm.tsx';
import { BlockChoices, BlockConsequences } from '../../ui/blockChoices.tsx';

/** One kind of factor, or the whole ID: nothing is chosen beforehand. The same for everyone. */
export function BlockChoicePage(props: PageFrame): VNode {
  const { t } = props;
  return (
    <Page {...props} page="block" title={t.block.title}>
      <h1>{t.block.title}</h1>
      <p>{t.block.why}</p>
      <BlockChoices t={t} path="/block" />
      <HelpLinks t={t} topics={['lost-card']} />
    </Page>
  );
}

export interface BlockPage extends PageFrame {
  readonly typedName: string;
  readonly what: BlockTarget;
  readonly error: CredentialInputFault | null;
  /** Drawn at random for each page, so that a double-click is recognised. */
  readonly form: string;
}

/**
 * Blocks a card or ID that is lost or may be known to someone else: with user ID and password only, also
 * while sign-in is locked. It says first what the block leads to.
 */
export function BlockPage(props: BlockPage): VNode {
  const { t, error, what } = props;
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
      title={words[what].title}
      errors={listFault(field ?? 'userId', text)}
    >
      <BlockConsequences {...props} path="/block" />
      <p>{words.prove}</p>
      <form method="post" action="/block">
        <FormOnce id={props.form} />
        <Hidden values={{ form: props.form, what }} />
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
        <Actions>
          <SubmitButton text={words[what].submit} />
          <a href="/block">{words.back}</a>
        </Actions>
      </form>
      <HelpLinks t={t} topics={['lost-card']} />
    </FormPage>
  );
}

/**
 * The same for everyone, regardless of what was typed: no one learns here whether a name or a password is
 * right. So it says where the person does learn it. It depends only on what was chosen.
 */
export function BlockReceivedPage(props: PageFrame & { readonly what: BlockTarget }): VNode {
  const words = props.t.blockReceived;
  const { what } = props;
  return (
    <Page {...props} page="block-received" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
      <h2>{words.sure}</h2>
      <ul class="noegle-list">
        <li>
          {words.hotline} <PhoneLink number={props.contact.hotline} />. {words.hotlineCan}
        </li>
        <li>{words.notice}</li>
        <li>{words.signIn[what]}</li>
      </ul>
      <p>{words.doubt}</p>
      {leavesCard(what) ? null : (
        <>
          <h2>{words.newCard}</h2>
          <p>
            {words.next} <AppointmentLink {...props} />
          </p>
        </>
      )}
      <Actions>
        <a class="button button-secondary" href="/block">
          {words.again}
        </a>
      </Actions>
    </Page>
  );
}
