import type { VNode } from 'preact';
import { OFFLINE_DAYS, SESSION_HOURS } from '../../../domain/relyingParty/accessLifetimes.ts';
import {
  HIDDEN_CPR,
  LISTED_CLAIMS,
  type ClaimValues,
  type ListedClaim,
} from '../../../domain/signIn/claims.ts';
import { Page, type PageFrame, type SignInFrame } from '../../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../../ui/form.tsx';
import { Values } from '../../../ui/values.tsx';
import { FormProof } from '../../../ui/stepForm.tsx';
import { writeDate } from '../../../ui/language.ts';

export interface ConsentPage extends PageFrame, SignInFrame {
  /** Claim -> value, as the relying party would receive them. */
  readonly values: ClaimValues;
  /** What it needs an ID for, where it has registered that. */
  readonly purpose: string | null;
  /** The relying party asks to fetch the values again later, without the person. */
  readonly offline: boolean;
}

function writeClaimValue(name: ListedClaim, value: string, { t, language }: PageFrame): string {
  if (value === HIDDEN_CPR) return t.consent.cprHidden;
  if (name === 'birthdate') return writeDate(value, language);
  if (name === 'locale')
    return new Intl.DisplayNames(value, { type: 'language' }).of(value.slice(0, 2)) ?? value;
  return name === 'dk.cpr' ? `${value.slice(0, 6)}-${value.slice(6)}` : value;
}

/** Shows the claims and their values before they are handed over. */
export function ConsentPage(props: ConsentPage): VNode {
  const { t, values, relyingParty } = props;
  const words = t.consent;
  const rows = LISTED_CLAIMS.flatMap((name) => {
    const value = values[name];
    if (value === undefined) return [];
    return [{ label: words.claims[name], value: writeClaimValue(name, value, props) }];
  });
  const title = composeTitle(props, rows.length);
  return (
    <Page {...props} page="consent" title={title}>
      <h1>{title}</h1>
      {rows.length > 0 ? <Values list={rows} /> : <p>{words.nothing}</p>}
      {props.purpose ? (
        <p>
          {words.purpose(relyingParty)} {props.purpose}
        </p>
      ) : null}
      {props.offline ? <p>{words.offline(OFFLINE_DAYS, rows.length === 1)}</p> : null}
      {rows.length > 0 && !props.offline ? (
        <p>{words.whileSignedIn(SESSION_HOURS, rows.length === 1)}</p>
      ) : null}
      <p>
        {words.remembered} {words.takeBack}{' '}
        <a href="/self-service/access" target="_blank" rel="noopener">
          {t.selfService.overview.links.access.label} {t.help.newWindow}
        </a>
      </p>
      <form method="post" action={props.formsGoTo}>
        <FormProof {...props} step="consent" />
        <Actions>
          <SubmitButton name="accept" value="1" text={rows.length > 0 ? words.accept : words.acceptNothing} />
          <SubmitButton kind="unstyled" name="cancel" value="1" text={words.refuse} />
        </Actions>
      </form>
    </Page>
  );
}

function composeTitle({ t, relyingParty }: ConsentPage, count: number): string {
  const words = t.consent;
  if (count === 0) return words.titleOfNothing(relyingParty);
  return (count === 1 ? words.titleOfOne : words.title)(relyingParty);
}
