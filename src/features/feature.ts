/**
 * A feature mounts its own routes. The composition root (app.ts) has the list of them, and hands each the
 * same context: no feature is handed, or builds, anything else.
 */
import type Router from '@koa/router';
import type { Context } from 'koa';
import type { PopulationRegister } from '../domain/issuing/populationRegister.ts';
import type { Interactions } from '../oidc/signIn/interaction.ts';
import type { BrowserSessions } from '../oidc/signIn/browserSessions.ts';
import type { SelfFetch } from '../platform/selfFetch.ts';
import type { AppContext } from './appContext.ts';
import type { DemoListing } from './demoListing.ts';

export interface Feature {
  mount(router: Router, deps: FeatureDeps): void;
}

/** What features work with, for one state of the signing keys. */
export interface FeatureDeps {
  readonly context: AppContext;
  readonly issuer: string;
  readonly isSecure: boolean;
  /** The path of it. */
  readonly stylesheet: string;
  /** The phone number at the foot of every page. */
  readonly hotline: string;
  /** Where faults of security are told: `mailto:`, `https:` or `tel:`; null for the hotline. */
  readonly securityContact: string | null;
  /** Real time, whatever day the clock of the rules is set to. */
  readonly now: () => Date;
  readonly sessions: BrowserSessions;
  readonly interactions: Interactions;
  readonly register: PopulationRegister;
  /** Calls to our own public address. */
  readonly fetch: SelfFetch;
  /** By which a site of our own is known to Nøgle. */
  readonly ownClientSecret: (clientId: string) => string;
  /** What of a posted log-out goes into the link that asks for it once more; the rest is kept for this browser. */
  readonly linkPostedLogout: (ctx: Context, asked: URLSearchParams) => Promise<URLSearchParams>;
  /** In the sandbox alone: what the playground for developers has to show; empty until it is made. */
  readonly demo: (() => DemoListing) | null;
}
