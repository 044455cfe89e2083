import type { VNode } from 'preact';
import { MailLink, PhoneLink, type PageFrame } from './layout.tsx';

/**
 * Both ways to reach the service, in speech and in writing: a person who is deaf, or shy, cannot phone.
 */
export function ContactPanel({
  t,
  contact,
  asksForGaps = false,
}: PageFrame & { asksForGaps?: boolean }): VNode {
  const words = t.help.contact;
  return (
    <section class="noegle-phone">
      <h2>{words.heading}</h2>
      <ul class="noegle-list">
        <li>
          {t.foot.hotline} <PhoneLink number={contact.hotline} />
        </li>
        <li>
          {t.foot.write} <MailLink address={contact.email} />
        </li>
      </ul>
      <p>{words.never}</p>
      {asksForGaps ? <p>{words.missing}</p> : null}
    </section>
  );
}
