/**
 * A feature mounts its own routes. The composition root (app.ts) lists the features and passes each the same
 * dependencies; a feature receives and builds nothing else.
 */
import type { ServiceContact } from '../domain/serviceContact.ts';
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { PopulationRegister } from '../domain/issuing/populationRegister.ts';
import type { Interactions } from '../oidc/signIn/interaction.ts';
import type { BrowserSessions } from '../oidc/signIn/browserSessions.ts';
import type { SelfFetch } from '../platform/selfFetch.ts';
import type { AppContext } from './appContext.ts';
import type { SecurityKeySettings } from './securityKeySettings.ts';
import type { DemoListing } from './demoListing.ts';

export interface Feature {
  mount(router: Router, deps: FeatureDeps): void;
}

/** The dependencies of the features, for one state of the signing keys. */
export interface FeatureDeps {
  readonly context: AppContext;
  readonly issuer: string;
  readonly isSecure: boolean;
  /** Path of the stylesheet. */
  readonly stylesheet: string;
  /** Shown on pages, in letters and in mails. */
  readonly contact: ServiceContact;
  readonly securityKeys: SecurityKeySettings;
  /** Where vulnerabilities are reported: `mailto:`, `https:` or `tel:`; null for the hotline. */
  readonly securityContact: string | null;
  /** Real time, regardless of the day that the clock of the rules is set to. */
  readonly now: () => Date;
  readonly sessions: BrowserSessions;
  readonly interactions: Interactions;
  readonly register: PopulationRegister;
  /** Calls to Nøgle's own public address. */
  readonly fetch: SelfFetch;
  /** The secret by which a first-party client authenticates. */
  readonly ownClientSecret: (clientId: string) => string;
  /**
   * Returns the parameters of a posted log-out for the link that repeats it; the rest is stored for this
   * browser.
   */
  readonly linkPostedLogout: (ctx: Context, asked: URLSearchParams) => Promise<URLSearchParams>;
  /** Only in the sandbox: the data of the developers' playground; empty until it is seeded. */
  readonly demo: (() => DemoListing) | null;
}
