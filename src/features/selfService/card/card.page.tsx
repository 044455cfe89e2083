import type { VNode } from 'preact';
import { HelpLinks } from '../../../ui/help.tsx';
import { formatCardNumber, KEYS_ON_CARD } from '../../../domain/card/keyCard.ts';
import { THRESHOLD_RANGE } from '../../../domain/rules.ts';
import type { AccountView } from '../readAccount.ts';
import { writeDates, writeDay, writeTime } from '../../../ui/language.ts';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { Field } from '../../../ui/stepForm.tsx';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { FormPage, Submit, listFault } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { KeysLeft } from '../home.page.tsx';
import { CardFormatSection } from './cardFormat.page.tsx';

export interface SelfCardPage extends SelfServiceFrame {
  readonly account: AccountView;
  /** The value as typed, where it was not a number from 5 to 100. */
  readonly typed: string | null;
  /** The card that did not arrive was just voided. */
  readonly isLost: boolean;
  /** The format that was asked for is the one already chosen: nothing was changed. */
  readonly isSameFormat?: boolean;
}

type AccountCardView = AccountView['cards'][number];
const ACTION = '/self-service/card';

export function SelfCardPage(props: SelfCardPage): VNode {
  const { t, language, account, typed, user } = props;
  const words = t.selfService.card;
  const { least, most } = THRESHOLD_RANGE;
  const active = account.cards.find(({ state }) => state === 'active');
  const nextCard = account.cards.find(({ state }) => state === 'ordered' || state === 'sent');
  const old = account.cards.filter((card) => card !== active && card !== nextCard);
  const fault = typed === null ? null : words.thresholdFault(least, most);
  return (
    <FormPage
      layout={SelfServicePage}
      frame={props}
      page="self-card"
      title={words.title}
      errors={listFault('threshold', fault)}
    >
      {props.isLost ? <Notice text={words.lost} kind="success" /> : null}
      {props.isSameFormat ? <Notice text={t.cardFormats.change.same} kind="success" /> : null}
      <h2>{words.inUse}</h2>
      {active ? (
        <>
          <Values list={[{ label: words.number, value: formatCardNumber(active.cardNumber) }]} />
          <KeysLeft left={active.keysLeft} text={words.leftOf(active.keysLeft, KEYS_ON_CARD)} />
        </>
      ) : (
        <p>{words.none}</p>
      )}
      {nextCard ? <NextCard {...props} card={nextCard} /> : <OrderCardForm {...props} />}
      <CardFormatSection {...props} />
      <h2>{words.threshold}</h2>
      <p>{words.thresholdNow(account.threshold)}</p>
      <SelfForm user={user} action={ACTION} hidden={{ do: 'threshold' }}>
        <Field
          name="threshold"
          label={words.thresholdLabel}
          hint={words.thresholdHint(least, most)}
          hasError={fault ?? false}
          autocomplete="off"
          inputmode="numeric"
          value={typed ?? String(account.threshold)}
        />
        <Submit text={words.thresholdSubmit} isMain={false} />
      </SelfForm>
      {old.length > 0 ? (
        <>
          <h2>{words.old}</h2>
          <ul class="noegle-list">
            {old.map((card) => (
              <li key={card.cardNumber}>
                {words.oldLine(
                  formatCardNumber(card.cardNumber),
                  words.states[card.state],
                  writeDay(card.orderedAt, language),
                )}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <HelpLinks t={t} topics={['few-keys', 'new-card']} />
    </FormPage>
  );
}

function NextCard({ t, language, user, card }: SelfCardPage & { card: AccountCardView }): VNode {
  const words = t.selfService.card;
  const { state, expected, activatesAt, orderedAt } = card;
  const when = activatesAt && `${writeDay(activatesAt, language)} ${writeTime(activatesAt, language)}`;
  return (
    <>
      <h2>{when ? words.newCard : words.nextCard}</h2>
      <Values list={[{ label: words.number, value: formatCardNumber(card.cardNumber) }]} />
      <p>
        {when
          ? words.waiting(when)
          : expected
            ? words.sent(writeDates(expected, language))
            : words.ordered(writeDay(orderedAt, language))}
      </p>
      {state === 'sent' && !when ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'not-arrived' }}>
          <p class="form-hint">{words.notArrivedMeans}</p>
          <Submit text={words.notArrived} isMain={false} />
        </SelfForm>
      ) : null}
    </>
  );
}

function OrderCardForm({ t, contact, user, account }: SelfCardPage): VNode {
  const words = t.selfService.card;
  return (
    <>
      <h2>{words.order}</h2>
      {account.address ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'order' }}>
          <p>{words.orderMeans}</p>
          <Submit text={words.order} />
        </SelfForm>
      ) : (
        <>
          <p>{words.noAddress}</p>
          <AppointmentLink t={t} contact={contact} />
        </>
      )}
    </>
  );
}
