import type { VNode } from 'preact';
import { DEFAULT_LANGUAGE } from '../../domain/language/language.ts';
import { HelpLinks } from '../../ui/help.tsx';
import type { IdentificationKind } from '../../domain/issuing/identification.ts';
import type { OrderFaults, OrderInput } from './onlineOrder.rules.ts';
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { FormOnce, FormPage, Submit } from '../../ui/form.tsx';
import { CheckField, Group, RadioField, TextField } from './fields.page.tsx';

export interface OrderPage extends PageFrame {
  readonly nonce: string;
  readonly typed: OrderInput;
  readonly faults: OrderFaults;
  /** The documents that may be used. */
  readonly kinds: readonly IdentificationKind[];
  /** The reason why the form was not processed. */
  readonly unseen?: UnprocessedKind | null;
}

/** The empty form: nothing is guessed, nothing is ticked. */
export const BLANK_ORDER: OrderInput = {
  cpr: '',
  name: '',
  documentKind: '',
  documentNumber: '',
  email: '',
  largePrint: false,
  withoutInterpreter: false,
  operatesAlone: false,
  accepts: false,
  termsVersion: TERMS_VERSION,
  language: DEFAULT_LANGUAGE,
};

/** The whole order on one page: all faults are shown together, and nothing that was typed is lost. */
export function OrderPage(props: OrderPage): VNode {
  const { t, language, typed, faults, kinds, unseen = null } = props;
  const words = t.order.form;
  const errors = listOrderErrors(t, faults);
  const errorOf = (name: keyof OrderFaults) => errors.find(({ field }) => field === name)?.text;
  const fieldProps = (name: keyof OrderFaults) => ({ name, error: errorOf(name) });
  return (
    <FormPage
      layout={Page}
      frame={props}
      page="order"
      title={words.title}
      steps={{ names: t.steps.order, current: 1 }}
      alert={unseen && <UnprocessedNotice t={t} why={unseen} />}
      errors={errors}
    >
      <p>{words.who}</p>
      <p>{words.how}</p>
      <p>{words.elsewhere}</p>
      <form method="post" action="/order" novalidate>
        <FormOnce id={props.nonce} />
        <input type="hidden" name="termsVersion" value={TERMS_VERSION} />
        <input type="hidden" name="language" value={language} />
        <input type="hidden" name="nonce" value={props.nonce} />
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
          <CheckField
            name="largePrint"
            error={undefined}
            label={words.largePrint}
            hint={words.largePrintHint}
            isChecked={typed.largePrint}
            isOptional
          />
        </Group>
        <Group legend={words.declaration}>
          <p>
            {words.terms}
            <a href="/terms" target="_blank" rel="noopener">
              {words.termsLink}
            </a>
          </p>
          <CheckField
            {...fieldProps('withoutInterpreter')}
            label={words.withoutInterpreter}
            isChecked={typed.withoutInterpreter}
          />
          <CheckField
            {...fieldProps('operatesAlone')}
            label={words.operatesAlone}
            isChecked={typed.operatesAlone}
          />
          <CheckField {...fieldProps('terms')} label={words.accepts} isChecked={typed.accepts} />
        </Group>
        <Submit text={words.submit} />
      </form>
      <HelpLinks t={t} topics={['get-an-id']} inNewWindow />
    </FormPage>
  );
}

const FIELDS = [
  'cpr',
  'name',
  'documentKind',
  'documentNumber',
  'email',
  'withoutInterpreter',
  'operatesAlone',
  'terms',
] as const satisfies readonly (keyof OrderFaults)[];

/** In the order of the page. */
function listOrderErrors(t: Texts, faults: OrderFaults): { field: keyof OrderFaults; text: string }[] {
  return FIELDS.flatMap((field) => {
    const fault = faults[field];
    if (!fault) return [];
    const texts: Record<string, string> = t.order.faults[field];
    return [{ field, text: texts[fault] ?? '' }];
  });
}
