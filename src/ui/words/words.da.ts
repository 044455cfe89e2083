/**
 * Every text that a person reads, in Danish, which is the original. English has its type: a missing word does
 * not compile. "Du", not "De"; what happened, why, and the one best next step, without blame.
 */
import { activateDa } from '../../features/activation/words.da.ts';
import { blockDa } from '../../features/block/words.da.ts';
import { guardianDa } from '../../features/guardian/words.da.ts';
import { newPasswordDa } from '../../features/newPassword/words.da.ts';
import { signInDa } from '../../features/signIn/words.da.ts';
import { cardFormatsDa } from './cardFormats.words.da.ts';
import { cookiesNeededDa, courtesyDa, stepsDa } from './courtesy.words.da.ts';
import { deskIssueDa } from '../../features/desk/issue/words.da.ts';
import { deskCaseDa, deskDecisionDa } from '../../features/desk/applications/decision.words.da.ts';
import { deskControlDa } from '../../features/desk/refusals/words.da.ts';
import { deskCprDa } from '../../features/desk/cprChange/words.da.ts';
import { deskGuardianDa, deskProofingDa } from '../../features/desk/actions/words.da.ts';
import { deskStateDa } from '../../features/desk/search/personState.words.da.ts';
import { deskSearchDa } from '../../features/desk/search/words.da.ts';
import { deskDa, deskStaffDa } from '../../features/desk/staff/words.da.ts';
import { accessibilityDa } from '../../features/info/accessibility.words.da.ts';
import { helpDa } from './help.words.da.ts';
import { privacyDa } from '../../features/info/privacy.words.da.ts';
import { servicesDa } from '../../features/info/services.words.da.ts';
import { emailDa } from '../../features/contact/words.da.ts';
import { footDa, startDa } from '../../features/info/start.words.da.ts';
import { orderDa } from '../../features/order/words.da.ts';
import { firstPartyDa } from '../../features/firstPartyClients/words.da.ts';
import { accessDa, activityDa } from '../../features/selfService/activity/words.da.ts';
import { dataDa } from '../../features/selfService/export/words.da.ts';
import { browsersDa } from '../../features/selfService/browsers/words.da.ts';
import { codeTokenStepDa } from '../../features/signIn/codeToken/words.da.ts';
import { codeTokenDa } from '../../features/selfService/codeToken/words.da.ts';
import { securityKeyPagesDa } from '../../features/selfService/securityKeys/words.da.ts';
import { selfServiceDa } from '../../features/selfService/words.da.ts';
import { sessionDa } from '../../features/sessions/words.da.ts';
import { securityKeysDa } from './securityKeys.words.da.ts';
import { termsDa } from './terms.words.da.ts';
import {
  headersTooLargeDa,
  errorsDa,
  tooSlowDa,
  errorPartsDa,
  unprocessedDa,
  wrongHostDa,
} from './errors.words.da.ts';
import type { Language } from '../../domain/language/language.ts';

export const da = {
  activate: activateDa,
  cardFormats: cardFormatsDa,
  courtesy: courtesyDa,
  cookiesNeeded: cookiesNeededDa,
  steps: stepsDa,
  terms: termsDa,
  htmlLang: 'da' as Language,
  firstParty: firstPartyDa,
  email: emailDa,
  guardian: guardianDa,
  selfService: selfServiceDa,
  codeToken: codeTokenDa,
  codeTokenStep: codeTokenStepDa,
  activity: activityDa,
  access: accessDa,
  knownBrowsers: browsersDa,
  securityKeys: securityKeysDa,
  securityKeyPages: securityKeyPagesDa,
  ownData: dataDa,
  desk: deskDa,
  deskStaff: deskStaffDa,
  deskControl: deskControlDa,
  deskCpr: deskCprDa,
  deskGuardian: deskGuardianDa,
  deskProofing: deskProofingDa,
  deskSearch: deskSearchDa,
  deskState: deskStateDa,
  deskIssue: deskIssueDa,
  deskDecision: deskDecisionDa,
  deskCase: deskCaseDa,
  brand: 'Nøgle',
  skipToContent: 'Gå til indholdet',
  errorTitle: 'Fejl',
  errorSummary: 'Der er noget, du skal rette',
  signingInTo: 'Du er ved at logge på hos',
  cancel: 'Afbryd',
  backTo: (name: string) => `Tilbage til ${name}`,
  opensAt: (day: string, time: string) => `Det kan bruges fra ${day} ${time}.`,
  comingCard: {
    ordered: 'Et nyt kort er bestilt og bliver sendt til dig.',
    sent: (dates: string) => `Dit nye kort er sendt og skulle komme mellem ${dates}.`,
    thenUse: 'Log på igen, når du har fået det. Så hjælper vi dig med at tage det i brug.',
  },
  foot: footDa,
  start: startDa,
  borgerservice: { book: 'Bestil tid i Borgerservice' },
  services: servicesDa,
  help: helpDa,
  accessibility: accessibilityDa,
  privacy: privacyDa,
  ...signInDa,
  ...blockDa,
  ...newPasswordDa,
  ...sessionDa,
  errorPages: errorsDa,
  wrongHost: wrongHostDa,
  headersTooLarge: headersTooLargeDa,
  tooSlow: tooSlowDa,
  unseen: unprocessedDa,
  order: orderDa,
  errorParts: errorPartsDa,
};

export type Texts = typeof da;
