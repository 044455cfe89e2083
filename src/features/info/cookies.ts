/**
 * The cookies that Nøgle sets, as the page about privacy lists them. Names are without the prefixes
 * (`__Host-`, `__Secure-`) and without the marks of a tab or a request. A test compares the list with the
 * code, and with the cookies that a browser gets.
 */
import { FIRST_PARTY_CLIENTS } from '../../domain/relyingParty/firstPartyClient.ts';

export type CookieUse =
  | 'session'
  | 'visitor'
  | 'signIn'
  | 'ownPages'
  | 'activation'
  | 'logout'
  | 'ownBrowser'
  | 'userId'
  | 'way'
  | 'site'
  | 'order'
  | 'language';

export interface ListedCookies {
  readonly names: readonly string[];
  /** The longest lifetime of any of them, in seconds; null: until the browser is closed. */
  readonly seconds: number | null;
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

export const COOKIES: Readonly<Record<CookieUse, ListedCookies>> = {
  session: { names: ['noegle-session'], seconds: null },
  visitor: { names: ['noegle-visitor'], seconds: null },
  signIn: {
    names: [
      'noegle-request',
      'noegle-interaction',
      'noegle-resume',
      'noegle-holder',
      'noegle-unjudged',
      'noegle-posted',
    ],
    seconds: 4 * HOUR,
  },
  ownPages: { names: FIRST_PARTY_CLIENTS.map(({ clientId }) => clientId), seconds: null },
  site: { names: ['noegle-site'], seconds: 25 * HOUR },
  order: { names: ['noegle-order-draft', 'noegle-order-receipt'], seconds: HOUR },
  activation: { names: ['noegle-activation', 'noegle-activation-note'], seconds: null },
  logout: { names: ['noegle-logout'], seconds: 120 },
  ownBrowser: { names: ['noegle-browser', 'noegle-browsers'], seconds: 400 * DAY },
  userId: { names: ['noegle-user', 'noegle-remember'], seconds: 365 * DAY },
  way: { names: ['noegle-way'], seconds: 90 * DAY },
  language: { names: ['noegle-language'], seconds: 365 * DAY },
};
