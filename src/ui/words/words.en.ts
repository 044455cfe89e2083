/** The meaning of the Danish, in plain English. */
import { activateEn } from '../../features/activation/words.en.ts';
import { blockEn } from '../../features/block/words.en.ts';
import { guardianEn } from '../../features/guardian/words.en.ts';
import { newPasswordEn } from '../../features/newPassword/words.en.ts';
import { signInEn } from '../../features/signIn/words.en.ts';
import { cardFormatsEn } from './cardFormats.words.en.ts';
import { cookiesNeededEn, courtesyEn, stepsEn } from './courtesy.words.en.ts';
import type { Texts } from './words.da.ts';
import { deskIssueEn } from '../../features/desk/issue/words.en.ts';
import { deskCaseEn, deskDecisionEn } from '../../features/desk/applications/decision.words.en.ts';
import { deskControlEn } from '../../features/desk/refusals/words.en.ts';
import { deskCprEn } from '../../features/desk/cprChange/words.en.ts';
import { deskGuardianEn, deskProofingEn } from '../../features/desk/actions/words.en.ts';
import { deskStateEn } from '../../features/desk/search/personState.words.en.ts';
import { deskSearchEn } from '../../features/desk/search/words.en.ts';
import { accessibilityEn } from '../../features/info/accessibility.words.en.ts';
import { helpEn } from './help.words.en.ts';
import { privacyEn } from '../../features/info/privacy.words.en.ts';
import { servicesEn } from '../../features/info/services.words.en.ts';
import { emailEn } from '../../features/contact/words.en.ts';
import { footEn, startEn } from '../../features/info/start.words.en.ts';
import { orderEn } from '../../features/order/words.en.ts';
import { deskEn, deskStaffEn } from '../../features/desk/staff/words.en.ts';
import { firstPartyEn } from '../../features/firstPartyClients/words.en.ts';
import { accessEn, activityEn } from '../../features/selfService/activity/words.en.ts';
import { dataEn } from '../../features/selfService/export/words.en.ts';
import { browsersEn } from '../../features/selfService/browsers/words.en.ts';
import { codeTokenStepEn } from '../../features/signIn/codeToken/words.en.ts';
import { codeTokenEn } from '../../features/selfService/codeToken/words.en.ts';
import { securityKeyPagesEn } from '../../features/selfService/securityKeys/words.en.ts';
import { selfServiceEn } from '../../features/selfService/words.en.ts';
import { sessionEn } from '../../features/sessions/words.en.ts';
import { securityKeysEn } from './securityKeys.words.en.ts';
import { termsEn } from './terms.words.en.ts';
import {
  headersTooLargeEn,
  errorsEn,
  tooSlowEn,
  errorPartsEn,
  unprocessedEn,
  wrongHostEn,
} from './errors.words.en.ts';

export const en: Texts = {
  activate: activateEn,
  cardFormats: cardFormatsEn,
  courtesy: courtesyEn,
  cookiesNeeded: cookiesNeededEn,
  steps: stepsEn,
  terms: termsEn,
  htmlLang: 'en',
  firstParty: firstPartyEn,
  email: emailEn,
  guardian: guardianEn,
  selfService: selfServiceEn,
  codeToken: codeTokenEn,
  codeTokenStep: codeTokenStepEn,
  activity: activityEn,
  access: accessEn,
  knownBrowsers: browsersEn,
  securityKeys: securityKeysEn,
  securityKeyPages: securityKeyPagesEn,
  ownData: dataEn,
  desk: deskEn,
  deskStaff: deskStaffEn,
  deskControl: deskControlEn,
  deskCpr: deskCprEn,
  deskGuardian: deskGuardianEn,
  deskProofing: deskProofingEn,
  deskSearch: deskSearchEn,
  deskState: deskStateEn,
  deskIssue: deskIssueEn,
  deskDecision: deskDecisionEn,
  deskCase: deskCaseEn,
  brand: 'Nøgle',
  skipToContent: 'Skip to content',
  errorTitle: 'Error',
  errorSummary: 'There is something to correct',
  signingInTo: 'You are signing in to',
  cancel: 'Cancel',
  backTo: (name) => `Back to ${name}`,
  opensAt: (day, time) => `It can be used from ${day.replace(/^on /, '')} ${time}.`,
  comingCard: {
    ordered: 'A new card has been ordered and will be sent to you.',
    sent: (dates) => `Your new card has been sent and should come between ${dates}.`,
    thenUse: 'Sign in again when you have got it, and we will help you activate it.',
  },
  foot: footEn,
  start: startEn,
  borgerservice: { book: 'Book an appointment with Borgerservice' },
  services: servicesEn,
  help: helpEn,
  accessibility: accessibilityEn,
  privacy: privacyEn,
  ...signInEn,
  ...blockEn,
  ...newPasswordEn,
  ...sessionEn,
  errorPages: errorsEn,
  wrongHost: wrongHostEn,
  headersTooLarge: headersTooLargeEn,
  tooSlow: tooSlowEn,
  unseen: unprocessedEn,
  order: orderEn,
  errorParts: errorPartsEn,
};
