/**
 * Where a person is reached: the postal address, the e-mail address, and how an e-mail address is confirmed.
 *
 * This feature owns the requested address and its code, the change with its day of notice, the budgets of
 * mails, and how all of them are sealed. It leaves the sending of mails and letters to `delivery` and `jobs`,
 * and the pages that use the code's form to `activation` and `selfService`.
 */
export { cancelEmail, cancelEmailInTransaction, dropEmailChange } from './cancelEmail.ts';
export { changeEmailInTransaction } from './changeEmail.ts';
export { sealContact } from './completeContact.ts';
export { confirmEmail } from './confirmEmail.ts';
export { isEmailConfirmed } from './confirmedEmail.ts';
export { EmailCode, findCodeField } from './emailCode.page.tsx';
export type { EmailForm } from './emailCode.page.tsx';
export { sealEmailForLetter } from './emailInLetter.ts';
export { findEmailRequest } from './emailRequests.queries.ts';
export { consumeMailBudgets } from './mailBudgets.queries.ts';
export { maskEmail } from './maskedEmail.rules.ts';
export { orderCodeForEmailInUse, orderEmailCode } from './orderEmailCode.ts';
export { isSealedEmailRefused } from './refusedEmail.ts';
export { openAddress, openAddressIfIntact, openEmail } from './sealedContact.ts';
export { findUnconfirmedEmail, openRequestedEmail, submitEmail } from './submitEmail.ts';
export type { UnconfirmedEmail } from './submitEmail.ts';
