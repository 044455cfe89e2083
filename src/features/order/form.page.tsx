/** The pages of an order with its fields: the person, and then the terms. */
import type { VNode } from 'preact';
import { HelpLinks } from '../../ui/help.tsx';
import type { IdentificationKind } from '../../domain/issuing/identification.ts';
import { ORDER_STEPS, type OrderFaults, type OrderStep } from './onlineOrder.rules.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { CardFormatChoice } from '../../ui/cardFormat.tsx';
import { Actions, FormPage, Hidden, LanguageButtons, SubmitButton } from '../../ui/form.tsx';
import { CheckField, Group, RadioField, TextField } from './fields.page.tsx';
import { listCarriedFields, type OrderDraft } from './orderForm.ts';
import { ORDER_PATHS } from './orderPaths.ts';

export interface OrderPage extends PageFrame {
  readonly draft: OrderDraft;
  readonly faults: OrderFaults;
  /** The documents that may be used. */
  readonly kinds: readonly IdentificationKind[];
  /** The reason why the form was not processed. */
  readonly unseen?: UnprocessedKind | null;
}

/** The id of the form of each page: the buttons for another language are outside of it. */
export const ORDER_FORM = 'order';

/** The other languages: the form is sent with them. */
export function OrderLanguages({
  language,
  submit,
}: Pick<PageFrame, 'language'> & { submit: string }): VNode {
  return <LanguageButtons language={language} form={ORDER_FORM} submit={submit} />;
}

/** Who orders: all faults of the page are shown together, and nothing that was typed is lost. */
export function OrderPage(props: OrderPage): VNode {
  const { t, language, draft, faults, kinds, unseen = null } = props;
  const { typed } = draft;
  const words = t.order.form;
  const errors = listOrderErrors(t, 'person', faults);
  const errorOf = (name: keyof OrderFaults) => errors.find(({ field }) => field === name)?.text;
  const fieldProps = (name: keyof OrderFaults) => ({ name, error: errorOf(name) });
  // The terms that were accepted before keep the language in which they were.
  const carried = typed.accepts ? draft : { ...draft, typed: { ...typed, language } };
  return (
    <FormPage
      layout={Page}
      frame={{ ...props, languageButtons: <OrderLanguages {...props} submit={words.next} /> }}
      page="order"
      title={words.title}
      steps={{ names: t.steps.order, current: 1 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} />}
      errors={errors}
    >
      <p>{words.opens}</p>
      <p>{words.raised}</p>
      <p>{words.who}</p>
      <p>{words.how}</p>
      <p>
        {words.elsewhere} <AppointmentLink {...props} />
      </p>
      <form method="post" action={ORDER_PATHS.person} id={ORDER_FORM} novalidate>
        <Hidden values={{ ...listCarriedFields(carried, PERSON_FIELDS), step: 'person' }} />
        <Group legend={words.about}>
          <TextField
            {...fieldProps('cpr')}
            label={words.cpr}
            hint={words.cprHint}
            value={typed.cpr}
            autocomplete="off"
            inputmode="numeric"
            maxlength={60}
          />
          <TextField
            {...fieldProps('name')}
            label={words.name}
            hint={words.nameHint}
            value={typed.name}
            autocomplete="name"
            maxlength={200}
          />
          <RadioField
            {...fieldProps('documentKind')}
            label={words.documentKind}
            options={kinds.map((kind) => ({ value: kind.code, label: kind[language] }))}
            chosen={typed.documentKind}
          />
          <TextField
            {...fieldProps('documentNumber')}
            label={words.documentNumber}
            hint={words.documentNumberHint}
            value={typed.documentNumber}
            autocomplete="off"
            maxlength={80}
          />
        </Group>
        <Group legend={words.contact}>
          <TextField
            {...fieldProps('email')}
            label={words.email}
            hint={words.emailHint}
            value={typed.email}
            inputmode="email"
            autocomplete="email"
            maxlength={320}
            isOptional
          />
          <CardFormatChoice t={t} question={t.cardFormats.question} chosen={typed.cardFormat} />
        </Group>
        <Actions>
          <SubmitButton text={words.next} />
          {hasTyped(draft) ? (
            <SubmitButton kind="unstyled" name="clear" value="1" text={words.clear} />
          ) : null}
        </Actions>
      </form>
      <HelpLinks t={t} topics={['get-an-id']} />
    </FormPage>
  );
}

const PERSON_FIELDS = [...ORDER_STEPS.person, 'cardFormat'];

function hasTyped({ typed }: OrderDraft): boolean {
  const { cpr, name, documentNumber, email } = typed;
  return [cpr, name, documentNumber, email].some((text) => text !== '');
}

/** What the person agrees to: the terms are read in the language of the page. */
export function OrderTermsPage(props: OrderPage): VNode {
  const { t, language, draft, faults, unseen = null } = props;
  const words = t.order.form;
  const errors = listOrderErrors(t, 'terms', faults);
  const fieldProps = (name: keyof OrderFaults) => {
    return { name, error: errors.find(({ field }) => field === name)?.text };
  };
  // What was understood in another language has to be said again in this one, as a yes to older terms has.
  const isSameLanguage = draft.typed.language === language;
  const isSameVersion = draft.typed.termsVersion === TERMS_VERSION;
  const typed = { ...draft.typed, language, termsVersion: TERMS_VERSION };
  return (
    <FormPage
      layout={Page}
      frame={{ ...props, languageButtons: <OrderLanguages {...props} submit={words.next} /> }}
      page="order-terms"
      title={words.declaration}
      steps={{ names: t.steps.order, current: 1 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} />}
      errors={errors}
    >
      <p>
        {words.terms}{' '}
        <a href="/terms" target="_blank" rel="noopener">
          {words.termsLink}
        </a>
      </p>
      <form method="post" action={ORDER_PATHS.terms} id={ORDER_FORM} novalidate>
        <Hidden values={{ ...listCarriedFields({ ...draft, typed }, ORDER_STEPS.terms), step: 'terms' }} />
        <CheckField
          {...fieldProps('withoutInterpreter')}
          label={words.withoutInterpreter}
          isChecked={typed.withoutInterpreter && isSameLanguage}
        />
        <CheckField
          {...fieldProps('operatesAlone')}
          label={words.operatesAlone}
          isChecked={typed.operatesAlone}
        />
        <CheckField
          {...fieldProps('terms')}
          label={words.accepts}
          isChecked={typed.accepts && isSameVersion}
        />
        <p>
          {words.cannot} <AppointmentLink {...props} />
        </p>
        <Actions>
          <SubmitButton text={words.next} />
          <SubmitButton kind="unstyled" name="change" value="cpr" text={words.back} />
        </Actions>
      </form>
    </FormPage>
  );
}

/** In the order of the page. */
function listOrderErrors(
  t: Texts,
  step: OrderStep,
  faults: OrderFaults,
): { field: keyof OrderFaults; text: string }[] {
  return ORDER_STEPS[step].flatMap((field) => {
    const fault = faults[field];
    if (!fault) return [];
    const texts: Record<string, string> = t.order.faults[field];
    return [{ field, text: texts[fault] ?? '' }];
  });
}
