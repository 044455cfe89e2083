import type { ComponentChildren, VNode } from 'preact';
import type { Language } from '../../domain/person/person.ts';
import { findDeviceKind } from '../../domain/clientContext.ts';
import { writePastMoment } from '../../ui/language.ts';
import { Values } from '../../ui/values.tsx';
import type { Texts } from '../../ui/words/words.da.ts';
import { nameDevice, nameNetwork } from './device.ts';
import type { SessionView } from './sessions.ts';

interface SessionCard {
  readonly t: Texts;
  readonly language: Language;
  readonly session: Omit<SessionView, 'uid'>;
  /** The session of this browser. */
  readonly isHere: boolean;
  /** The network of this request. */
  readonly network: string;
  /** How it is ended. */
  readonly children?: ComponentChildren;
}

/**
 * One place where a person is signed in, the same on every page that lists such places: on what, from where,
 * since when, when it was used last, and at which sites.
 */
export function SessionCard(props: SessionCard): VNode {
  const { t, language, session, isHere, network, children } = props;
  const { client, startedAt, usedAt, sites } = session;
  const words = t.session;
  return (
    <section class="noegle-item noegle-session">
      <h3>
        <DeviceIcon isMobile={client !== null && findDeviceKind(client.system) === 'mobile'} />
        {nameDevice(t, client)}
        {isHere ? (
          <>
            {' '}
            <strong class="noegle-mark">{words.here}</strong>
          </>
        ) : null}
      </h3>
      <Values
        list={[
          client && { label: words.network, value: nameNetwork(t, client.network, network) },
          { label: words.since, value: writeSessionTime(startedAt, language) },
          isHere || !usedAt ? null : { label: words.lastUsed, value: writeSessionTime(usedAt, language) },
          {
            label: words.sites,
            value: sites.length === 0 ? words.noSites : sites.map((site) => site[language]).join(', '),
          },
        ]}
      />
      {children}
    </section>
  );
}

/** "mandag den 30. november 2026 kl. 14.05", on its own. */
export function writeSessionTime(at: Date, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return `${day} ${time}`.replace(/^on /, '');
}

/** For sighted users; the heading says the same. */
function DeviceIcon({ isMobile }: { readonly isMobile: boolean }): VNode {
  return (
    <svg class="noegle-device" viewBox="0 0 24 24" aria-hidden="true">
      {isMobile ? <path d="M7 2h10v20H7zM11 19h2" /> : <path d="M3 4h18v12H3zM8 20h8M12 16v4" />}
    </svg>
  );
}
