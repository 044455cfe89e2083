/**
 * The entry for suites: the steps of people, relying parties and staff, and the nodes that they use. Helpers
 * that need a further package (a browser with a screen, a mail server, PDF) have separate files here, and so
 * have helpers of a single suite.
 */
export * from './activation.ts';
export * from './applications.ts';
export * from './browser.ts';
export * from './cardCommands.ts';
export * from './clientAssertions.ts';
export * from './desk.ts';
export * from './contact.ts';
export * from './deskStaff.ts';
export * from './dpop.ts';
export * from './emails.ts';
export * from './flow.ts';
export * from './hold.ts';
export * from './http.ts';
export * from './leftovers.ts';
export * from './logout.ts';
export * from './long.ts';
export * from './wholeProof.ts';
export * from './newPassword.ts';
export * from './nodes.ts';
export * from './ordering.ts';
export * from './people.ts';
export * from './ports.ts';
export * from './process.ts';
export * from './pushing.ts';
export * from './populationRegisterFile.ts';
export * from './readiness.ts';
export * from './registration.ts';
export * from './restoredDatabase.ts';
export * from './rows.ts';
export * from './sabotage.ts';
export * from './scratch.ts';
export * from './secrets.ts';
export * from './securityKeys.ts';
export * from './server.ts';
export * from './signingKeys.ts';
export * from './stranger.ts';
export * from './testDatabase.ts';
export * from './thief.ts';
export * from './timed.ts';
export * from './together.ts';
export * from './typedFields.ts';
export * from './use.ts';
export * from './waiting.ts';
export * from './walk.ts';
