/**
 * How people reach the service and the operator behind it. The operator's settings say it
 * (config/contact.ts); every page, letter and mail shows a part of it.
 */

export interface ServiceContact {
  /** The origin of Nøgle, such as `https://noegle.example`. Letters and mails print it. */
  readonly issuer: string;
  /** The phone number, as it is displayed: `70 10 20 30`. */
  readonly hotline: string;
  /** The e-mail address for people who cannot or do not want to phone. */
  readonly email: string;
  /** Where people book an appointment with Borgerservice; null when the operator named no page. */
  readonly appointmentsUrl: string | null;
  /** The operator's page in Digitaliseringsstyrelsen's WAS-Tool; null: the statement is on our own page. */
  readonly accessibilityUrl: string | null;
  readonly operator: Operator;
}

/** The data controller (GDPR article 13): the sender of letters, and whom people complain to. */
export interface Operator {
  readonly name: string;
  /** Eight digits. */
  readonly cvr: string;
  /** The postal address in its lines: `Laksetorvet 1`, `8900 Randers C`. */
  readonly address: readonly string[];
  /** The e-mail address of those who answer for data protection. */
  readonly dataProtectionEmail: string;
}
