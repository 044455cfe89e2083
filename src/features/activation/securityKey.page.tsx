import type { VNode } from 'preact';
import type { SecurityKeyNameFault } from '../../domain/factors/securityKey.ts';
import type { CreationFault } from '../securityKeys/index.ts';
import { writeDay, writeTime } from '../../ui/language.ts';
import { Page } from '../../ui/layout.tsx';
import { FormPage, listFault } from '../../ui/form.tsx';
import { Notice } from '../../ui/pages/notice.page.tsx';
import { CreationForm, type CreationView } from '../../ui/webauthn/creationForm.tsx';
import { GuardianNeeded } from '../guardian/index.ts';
import type { ActivationFrame } from './form.page.tsx';

export const ACTIVATION_KEY_PATH = '/activate/security-key';

export interface ActivateSecurityKeyPage extends ActivationFrame {
  /** Null under 15: one is added at a desk. */
  readonly creation: CreationView | null;
  readonly typed: string;
  readonly nameFault: SecurityKeyNameFault | null;
  readonly fault: CreationFault | null;
  /** One was added here, and counts from then on. */
  readonly countsFrom: Date | null;
}

/** May be skipped: the card serves. */
export function ActivateSecurityKeyPage(props: ActivateSecurityKeyPage): VNode {
  const { t, language, contact, csrf, creation, typed, nameFault, fault, countsFrom } = props;
  const words = t.activate.securityKey;
  const nameText = nameFault && t.securityKeys.nameFault[nameFault];
  const faultText = fault && t.securityKeys.faults[fault];
  return (
    <FormPage
      layout={Page}
      frame={props}
      page="activate-security-key"
      title={words.title}
      errors={listFault('name', nameText ?? faultText)}
    >
      {countsFrom ? (
        <Notice
          text={words.added(`${writeDay(countsFrom, language)} ${writeTime(countsFrom, language)}`)}
          kind="success"
        />
      ) : creation === null ? (
        <GuardianNeeded t={t} contact={contact} what="securityKey" />
      ) : (
        <>
          <p>{words.what}</p>
          <p>{words.wait}</p>
          <CreationForm
            t={t}
            action={ACTIVATION_KEY_PATH}
            hidden={{ csrf }}
            creation={creation}
            typedName={typed}
            nameFault={nameText}
          />
        </>
      )}
      <p>
        <a href="/activate">{countsFrom || creation === null ? words.on : words.skip}</a>
      </p>
    </FormPage>
  );
}
