import type { VNode } from 'preact';
import type { Localized } from '../../../domain/language/language.ts';
import { HelpLinks } from '../../../ui/help.tsx';
import type { PublicSitesBlocker } from '../../../domain/signIn/publicSites.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { AppointmentLink } from '../../../ui/borgerservice.tsx';
import { Submit } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfPublicSitesPage extends SelfServiceFrame {
  readonly isOn: boolean;
  readonly blocker: PublicSitesBlocker | null;
  readonly sites: readonly Localized[];
  readonly more: number;
  /** It was just switched off. */
  readonly isJustOff: boolean;
}

export function SelfPublicSitesPage(props: SelfPublicSitesPage): VNode {
  const { t, language, user, isOn, blocker, sites, more } = props;
  const words = t.selfService.publicSites;
  return (
    <SelfServicePage {...props} page="self-public-sites" title={words.title}>
      <h1>{words.title}</h1>
      {props.isJustOff && !isOn ? <Notice text={words.isOff} kind="success" /> : null}
      <p>{isOn ? words.on : words.off}</p>
      {sites.length > 0 ? (
        <>
          <p>{words.what}</p>
          <ul class="noegle-list">
            {sites.map((site) => (
              <li key={site[language]}>{site[language]}</li>
            ))}
          </ul>
          {more > 0 ? <p>{words.more(more)}</p> : null}
        </>
      ) : (
        <p>{words.nowhere}</p>
      )}
      {!isOn && blocker ? (
        <>
          <p>{words.bars[blocker]}</p>
          {blocker === 'no_cpr' ? <AppointmentLink {...props} /> : null}
        </>
      ) : (
        <SelfForm user={user} action="/self-service/public-sites" hidden={{ do: isOn ? 'off' : 'on' }}>
          <p>{isOn ? words.offMeans : words.onMeans}</p>
          <Submit text={isOn ? words.switchOff : words.switchOn} />
        </SelfForm>
      )}
      {isOn ? null : <HelpLinks t={t} topics={['public-sites']} />}
    </SelfServicePage>
  );
}
