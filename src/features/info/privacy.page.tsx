import type { VNode } from 'preact';
import { RETENTION_DAYS, type RetentionKind } from '../../domain/retention.ts';
import { AppointmentNote } from '../../ui/borgerservice.tsx';
import { ContactPanel } from '../../ui/contactPanel.tsx';
import { MailLink, Page, PhoneLink, type PageFrame } from '../../ui/layout.tsx';
import { COOKIES, type CookieUse } from './cookies.ts';

/** Where a person acts on each right; the addresses are those of self-service. */
const RIGHTS = ['data', 'activity', 'contact', 'access', 'close'] as const;

/** The Danish Data Protection Agency. */
const AGENCY = { phone: '33 19 32 00', email: 'dt@datatilsynet.dk', url: 'https://www.datatilsynet.dk/' };

/** Who answers for people's data, what is kept, why, for how long, and what people can do about it. */
export function PrivacyPage(props: PageFrame): VNode {
  const { t, contact } = props;
  const { title, lead, who, what, why, recipients, howLong, rights, complain } = t.privacy;
  const { operator } = contact;
  return (
    <Page {...props} page="privacy" title={title}>
      <h1>{title}</h1>
      <p class="noegle-lead">{lead}</p>
      <h2>{who.heading}</h2>
      <p>{who.text(operator.name)}</p>
      <p>
        {[operator.name, ...operator.address].map((line) => (
          <span key={line}>
            {line}
            <br />
          </span>
        ))}
        {who.cvr} {operator.cvr}
      </p>
      <p>
        {who.ask} <MailLink address={operator.dataProtectionEmail} />
      </p>
      <h2>{what.heading}</h2>
      <Points points={what.points} />
      <p>{what.choice}</p>
      <h2>{why.heading}</h2>
      <Points points={why.points} />
      <h2>{recipients.heading}</h2>
      <Points points={recipients.points} />
      <p>{recipients.never}</p>
      <h2>{howLong.heading}</h2>
      <Points points={howLong.whole} />
      <RetentionTable {...props} />
      <h2>{rights.heading}</h2>
      <ul class="noegle-list">
        {RIGHTS.map((right) => (
          <li key={right}>
            <a href={`/self-service/${right}`}>{rights.links[right]}</a>
          </li>
        ))}
      </ul>
      <Points points={rights.points} />
      <AppointmentNote {...props} />
      <ContactPanel {...props} />
      <h2>{complain.heading}</h2>
      <p>{complain.text}</p>
      <ul class="noegle-list">
        <li>{complain.address}</li>
        <li>
          {complain.phone} <PhoneLink number={AGENCY.phone} />
        </li>
        <li>
          {complain.email} <MailLink address={AGENCY.email} />
        </li>
        <li>
          <a href={AGENCY.url} rel="noreferrer">
            {complain.link}
          </a>
        </li>
      </ul>
      <CookieTable {...props} />
    </Page>
  );
}

function Points({ points }: { readonly points: readonly string[] }): VNode {
  return (
    <ul class="noegle-list">
      {points.map((point) => (
        <li key={point}>{point}</li>
      ))}
    </ul>
  );
}

function RetentionTable({ t }: PageFrame): VNode {
  const { table, columns, kinds, days } = t.privacy.howLong;
  return (
    <table class="noegle-facts">
      <caption>{table}</caption>
      <Heads heads={columns} />
      <tbody>
        {Object.entries(kinds).map(([kind, what]) => (
          <tr key={kind}>
            <td>{what}</td>
            <td>{days(RETENTION_DAYS[kind as RetentionKind])}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function CookieTable({ t }: PageFrame): VNode {
  const { heading, text, table, columns, uses } = t.privacy.cookies;
  return (
    <section id="cookies">
      <h2>{heading}</h2>
      <p>{text}</p>
      <table class="noegle-facts">
        <caption>{table}</caption>
        <Heads heads={columns} />
        <tbody>
          {Object.entries(COOKIES).map(([use, { names, seconds }]) => (
            <tr key={use}>
              <td>
                {uses[use as CookieUse]}
                <small>{names.join(', ')}</small>
              </td>
              <td>{writeLifetime(t, seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Heads({ heads }: { readonly heads: readonly string[] }): VNode {
  return (
    <thead>
      <tr>
        {heads.map((head) => (
          <th scope="col" key={head}>
            {head}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function writeLifetime({ privacy }: PageFrame['t'], seconds: number | null): string {
  const { untilClosed, days, hours, minutes } = privacy.cookies;
  if (seconds === null) return untilClosed;
  if (seconds < 3_600) return minutes(seconds / 60);
  return seconds % 86_400 === 0 ? days(seconds / 86_400) : hours(seconds / 3_600);
}
