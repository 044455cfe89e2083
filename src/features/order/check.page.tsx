/** The last page of an order: every answer once more, each with a way to change it. */
import type { VNode } from 'preact';
import type { IdentificationKind } from '../../domain/issuing/identification.ts';
import { Actions, Hidden, SubmitButton } from '../../ui/form.tsx';
import { Page, StepGuide, type PageFrame } from '../../ui/layout.tsx';
import type { UnprocessedKind } from '../../ui/httpError.ts';
import { UnprocessedNotice } from '../../ui/pages/error.page.tsx';
import { ORDER_FORM, OrderLanguages } from './form.page.tsx';
import { listCarriedFields, type OrderDraft } from './orderForm.ts';
import { ORDER_PATHS } from './orderPaths.ts';

export interface OrderCheckPage extends PageFrame {
  readonly draft: OrderDraft;
  readonly kinds: readonly IdentificationKind[];
  readonly unseen?: UnprocessedKind | null;
}

interface Answer {
  /** The field that is changed. */
  readonly field: string;
  readonly label: string;
  readonly value: string;
}

/** Nothing has been sent yet: the form has all answers, and the button sends them. */
export function OrderCheckPage(props: OrderCheckPage): VNode {
  const { t, draft, unseen = null } = props;
  const words = t.order.check;
  return (
    <Page
      {...props}
      languageButtons={<OrderLanguages {...props} submit={words.submit} />}
      page="order-check"
      title={words.title}
      hasError={unseen !== null}
    >
      <StepGuide t={t} names={t.steps.order} current={1} />
      <h1>{words.title}</h1>
      {unseen && <UnprocessedNotice t={t} why={unseen} />}
      <form method="post" action={ORDER_PATHS.check} id={ORDER_FORM}>
        <Hidden values={{ ...listCarriedFields(draft, []), step: 'send' }} />
        <dl class="noegle-answers">
          {listAnswers(props).map(({ field, label, value }) => (
            <div key={field}>
              <dt>{label}</dt>
              <dd>{value}</dd>
              <dd class="noegle-change">
                <SubmitButton
                  kind="unstyled"
                  name="change"
                  value={field}
                  text={
                    <>
                      {words.change} <span class="sr-only">{label}</span>
                    </>
                  }
                />
              </dd>
            </div>
          ))}
        </dl>
        <p>{words.notYet}</p>
        <Actions>
          <SubmitButton text={words.submit} />
          <SubmitButton kind="unstyled" name="clear" value="1" text={t.order.form.clear} />
        </Actions>
      </form>
    </Page>
  );
}

function listAnswers({ t, language, draft, kinds }: OrderCheckPage): readonly Answer[] {
  const { typed } = draft;
  const { form: labels, check: words } = t.order;
  const kind = kinds.find(({ code }) => code === typed.documentKind);
  return [
    { field: 'cpr', label: labels.cpr, value: typed.cpr },
    { field: 'name', label: labels.name, value: typed.name },
    { field: 'documentKind', label: words.documentKind, value: kind?.[language] ?? '' },
    { field: 'documentNumber', label: words.documentNumber, value: typed.documentNumber },
    { field: 'email', label: words.email, value: typed.email.trim() || words.noEmail },
    { field: 'cardFormat', label: words.card, value: t.cardFormats.names[typed.cardFormat] },
    { field: 'terms', label: words.terms, value: words.accepted(words.languages[typed.language]) },
  ];
}
