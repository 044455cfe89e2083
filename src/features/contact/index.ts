/** What other features may use of this one. */
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
export { openAddress, openEmail } from './sealedContact.ts';
export { findUnconfirmedEmail, openRequestedEmail, submitEmail } from './submitEmail.ts';
export type { UnconfirmedEmail } from './submitEmail.ts';
