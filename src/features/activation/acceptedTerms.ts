/**
 * Whether the person has accepted the terms as they are now. A person who got an ID has, in words at the desk
 * or with ticks online: the activation then asks for no more ticks, and its button confirms them. Terms that
 * have changed since must be accepted.
 */
import { TERMS_VERSION } from '../../domain/issuing/terms.ts';
import { openSubmission } from '../issuing/index.ts';
import type { AppContext } from '../appContext.ts';
import { findConfirmedTerms, findIssuedApplication } from './acceptedTerms.queries.ts';

export async function hasAcceptedTerms(context: AppContext, identityId: string): Promise<boolean> {
  const confirmed = await findConfirmedTerms(context.database, identityId);
  if (confirmed !== null) return confirmed === TERMS_VERSION;
  const application = await findIssuedApplication(context.database, identityId);
  return (
    application !== null && openSubmission(context, application).application.terms?.version === TERMS_VERSION
  );
}
