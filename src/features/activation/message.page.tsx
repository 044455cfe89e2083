import type { VNode } from 'preact';
import type { ActivationMessage } from '../../domain/issuing/activation.ts';
import type { ProofingLevel } from '../../domain/person/person.ts';
import type { PublicSitesBlocker } from '../../domain/signIn/publicSites.ts';
import { writeDay, writeTime } from '../../ui/language.ts';
import { ErrorSummary, Page } from '../../ui/layout.tsx';
import { AppointmentLink } from '../../ui/borgerservice.tsx';
import { Actions } from '../../ui/form.tsx';
import { AnotherElsewhere, ELSEWHERE } from './email.page.tsx';
import { WEBAUTHN_PATH } from '../../ui/webauthn/webauthn.ts';
import { ACTIVATION_KEY_PATH } from './securityKey.page.tsx';
import { GuardianNeeded } from '../guardian/index.ts';
import { AgainForm, type ActivationFrame } from './form.page.tsx';

export interface ActivateMessagePage extends ActivationFrame {
  readonly message: ActivationMessage;
  /** When a card in its waiting time can be used. */
  readonly opensAt: Date | null;
}

/** Those whose next step is a visit. */
const BORGERSERVICE: ReadonlySet<ActivationMessage> = new Set([
  'expired',
  'id_blocked',
  'card_blocked',
  'no_card',
] as const);

/** Shown only after a right temporary password: what happened, why, and the best next step. */
export function ActivateMessagePage(props: ActivateMessagePage): VNode {
  const { t, language, message, opensAt } = props;
  const words = t.activate.message[message];
  return (
    <Page {...props} page="activate-told" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.why}</p>
      {opensAt ? <p>{t.opensAt(writeDay(opensAt, language), writeTime(opensAt, language))}</p> : null}
      <p>
        {words.next} {BORGERSERVICE.has(message) ? <AppointmentLink {...props} /> : null}
      </p>
      {message === 'used' ? (
        <Actions>
          <a class="button button-primary" href="/self-service">
            {t.activate.done.selfService}
          </a>
          <a href="/block">{t.foot.block}</a>
        </Actions>
      ) : null}
      <AgainForm {...props} isMain={message !== 'used'} />
    </Page>
  );
}

export interface ActivateDonePage extends ActivationFrame {
  readonly publicSites: boolean;
  readonly proofing: ProofingLevel;
  readonly blocker: PublicSitesBlocker | null;
  /** The path of the sign-in that led here. */
  readonly backTo: string | null;
  /** A security key may be added now. */
  readonly offersSecurityKey: boolean;
  /** Under 15: it is added at a desk. */
  readonly needsGuardian: boolean;
  /** An e-mail address that was sent when no other one can be given any longer; null for none. */
  readonly another: string | null;
}

/** States where the ID can be used, and links back to where it was needed. */
export function ActivateDonePage(props: ActivateDonePage): VNode {
  const { t, backTo, publicSites, proofing, blocker, another } = props;
  const words = t.activate.done;
  const where = proofing === 'Low' ? words.ordered : words;
  return (
    <Page {...props} page="activate-done" title={words.title} hasError={another !== null}>
      <h1>{words.title}</h1>
      {another === null ? null : (
        <>
          <ErrorSummary t={t} text={t.email.faults.another_over} field={ELSEWHERE} />
          <AnotherElsewhere t={t} typed={another.trim()} />
        </>
      )}
      <p>{words.what}</p>
      <p>{where[publicSites ? 'everywhere' : (blocker ?? 'bankOnly')]}</p>
      {proofing === 'Low' ? <p>{words.notSeen}</p> : null}
      <p>{words.tearUp}</p>
      {backTo === null ? <p>{where.next}</p> : null}
      {props.offersSecurityKey ? <SecurityKeyOffer {...props} /> : null}
      <Actions>
        {backTo === null ? (
          <>
            <a class="button button-primary" href="/services">
              {words.services}
            </a>
            <a href="/self-service">{words.selfService}</a>
          </>
        ) : (
          <a class="button button-primary" href={backTo}>
            {words.back}
          </a>
        )}
      </Actions>
      <AgainForm {...props} text={t.activate.otherId} />
    </Page>
  );
}

/** Hidden until the script finds that the browser can: without it there is nothing to offer. */
function SecurityKeyOffer({ t, contact, needsGuardian }: ActivateDonePage): VNode {
  const words = t.activate.securityKey;
  if (needsGuardian) {
    return (
      <>
        <h2>{words.offer}</h2>
        <GuardianNeeded t={t} contact={contact} what="securityKey" />
      </>
    );
  }
  return (
    <div hidden data-webauthn-offer>
      <h2>{words.offer}</h2>
      <p>{words.offerWhat}</p>
      <p>
        <a href={ACTIVATION_KEY_PATH}>{words.offerLink}</a>
      </p>
      <script src={WEBAUTHN_PATH} defer />
    </div>
  );
}
