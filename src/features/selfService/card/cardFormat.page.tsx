import type { VNode } from 'preact';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { CardFormatChoice } from '../../../ui/cardFormat.tsx';
import { Actions, SubmitButton } from '../../../ui/form.tsx';
import type { AccountView } from '../readAccount.ts';
import { SelfForm, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

interface CardFormatSection extends SelfServiceFrame {
  readonly account: AccountView;
}

/** The format of the next card, and what becomes of a card that is on its way in another one. */
export function CardFormatSection(props: CardFormatSection): VNode {
  const { t, user, account } = props;
  const words = t.cardFormats.change;
  const { kinds } = t.cardFormats;
  const coming = account.cards.find(({ state }) => state === 'ordered' || state === 'sent');
  const isPrinted = coming?.state === 'sent';
  return (
    <>
      <h2>{words.title}</h2>
      {isPrinted ? <p>{(coming.activatesAt ? words.here : words.coming)(kinds[coming.format])}</p> : null}
      <p>{(isPrinted ? words.after : words.next)(kinds[account.cardFormat])}</p>
      {coming && !isPrinted ? <p>{words.unprinted}</p> : null}
      {isPrinted && coming.format !== account.cardFormat ? (
        <p>
          {words.comingHelp} <AppointmentLink {...props} />
        </p>
      ) : null}
      <SelfForm user={user} action="/self-service/card" hidden={{ do: 'format' }}>
        <CardFormatChoice t={t} question={words.question} chosen={account.cardFormat} />
        <Actions>
          <SubmitButton text={words.submit} kind="secondary" />
          {coming || !account.address ? null : (
            <SubmitButton text={words.submitNow} kind="secondary" name="order" value="yes" />
          )}
        </Actions>
      </SelfForm>
    </>
  );
}
