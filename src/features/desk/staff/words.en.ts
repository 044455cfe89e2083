import type { deskDa, deskStaffDa } from './words.da.ts';

export const deskEn: typeof deskDa = {
  title: 'The desk',
  home: 'Desk home',
  nav: 'The desk',
  signOut: 'Sign out',
  idle: (minutes) => `You are signed out when you have not used the page for ${minutes} minutes.`,
  again:
    'You were signed out when you sent this. So nothing has been done, and what you had typed was not kept. Please type it again and send it.',
  roles: {
    officer: 'Officer at Borgerservice',
    bank_clerk: 'Bank clerk',
    hotline: 'Hotline',
    operator: 'Operator',
  },
  nothing: 'There is nothing to do here right now.',
  links: {
    staff: {
      label: 'Staff',
      what: 'See who works here. Propose new staff, approve them, and end access.',
    },
  },
  noRole: {
    title: 'You do not have access to the desk',
    why: (name) => `You are correctly signed in as ${name}, but the desk is for staff only.`,
    next: 'If you should have access, speak to your manager. It takes two operators to give it.',
  },
  notYourRole: {
    title: 'That page does not belong to your role',
    why: (role) => `You are signed in as “${role}”, and that role does not use the page you asked for.`,
    next: 'Go to the desk home page to see what you can do.',
  },
};

export const deskStaffEn: typeof deskStaffDa = {
  title: 'Staff',
  name: 'Name',
  organisation: 'Works at',
  organisations: { borgerservice: 'Borgerservice', noegle: 'Nøgle' },
  state: 'Access',
  action: 'What you can do',
  waits: 'Waiting for approval.',
  waiting: 'Waiting for approval',
  working: 'Have access now',
  userId: 'User ID',
  userIdHint: 'Exactly as the person types it to sign in.',
  role: 'Role',
  bank: 'Bank',
  bankHint: 'For bank clerks only: the bank that they work for.',
  noBank: 'None',
  bankGone: 'Does not work: nobody can sign in at that bank any more.',
  since: (day) => `Since ${day}.`,
  proposedBy: (name) => `Proposed by: ${name}.`,
  approvedBy: (name) => `Approved by: ${name}.`,
  hasSecurityKey: 'Has a security key or passkey that can be used.',
  noSecurityKey: 'Has no security key or passkey that can be used.',
  byCommand: 'Made at installation.',
  yourself: 'This is you. Only somebody else can change your own access.',
  byAnother: 'You proposed this yourself. Another operator has to approve it.',
  approve: (name) => `Approve ${name}`,
  ends: {
    withdraw: {
      label: (name) => `Turn down ${name}`,
      title: (name) => `Turn down the proposal about ${name}?`,
      sure: 'Yes, turn it down',
    },
    'propose-end': {
      label: (name) => `End access for ${name}`,
      title: (name) => `Propose to end access for ${name}?`,
      sure: 'Yes, propose to end it',
    },
    end: {
      label: (name) => `End access for ${name} now`,
      title: (name) => `End access for ${name}?`,
      sure: 'Yes, end the access',
    },
  },
  back: 'Back without doing anything',
  keep: (name) => `Let ${name} keep their access`,
  callOff: (name) => `Withdraw the proposal about ${name}`,
  endProposedBy: (name) => `End proposed by: ${name}.`,
  endWaits: 'Access is paused until another operator has decided.',
  endWaitsOperator: 'Another operator has to decide. Access holds until then.',
  endWhy: 'The access is paused from now on. Another operator has to end it, or let it hold again.',
  endWhyOperator: 'The access of an operator is not paused. It holds until another operator has ended it.',
  endNowWhy:
    'Another operator proposed this. The access ends at once and cannot be restored. If the person needs access later, two operators have to propose and approve it again.',
  withdrawWhy: 'The person gets no access. The proposal disappears from the list.',
  propose: 'Propose a member of staff',
  proposeWhy: 'They get access only when another operator has approved it.',
  submit: 'Propose',
  done: {
    proposed: 'The proposal is saved. Another operator has to approve it.',
    approved: 'It is approved. Access holds from now on.',
    ended: 'It is ended, from now on.',
    endProposed:
      'The proposal is saved. Another operator has to end the access. It is paused from now on, unless it is that of an operator.',
    kept: 'The proposal is removed. Access holds again.',
  },
  errors: {
    user_missing: 'Enter the user ID of the person.',
    user_is_cpr:
      'That looks like a CPR number, which nobody signs in with. Ask them for their user ID or ID number.',
    role_missing: 'Choose a role.',
    unknown_user: 'That user ID cannot be given access. Check that it is typed correctly.',
    looks_alike:
      'Somebody else has a user ID that looks like it, so the two cannot be told apart. Ask the person to choose a new one in self-service first.',
    own_id: 'You cannot change your own access. Somebody else has to.',
    bank_missing: 'Choose the bank that the clerk works for.',
    unknown_bank: 'We do not know that bank. Choose one from the list.',
    already_staff: 'That person already has a role or is proposed. End that first.',
    own_proposal: 'You proposed this yourself. Another operator has to approve it.',
    proposer_gone:
      'The person who proposed this is no longer an operator, or their ID is blocked. Turn down the proposal. If the person is to have access, propose it again.',
    bank_gone:
      'Nobody can sign in at that bank any more, so no clerk can be given access for it. Turn down the proposal.',
    too_few_operators:
      'There must always be two operators. Propose and approve a new one before you end access for one of them.',
    own_end: 'You proposed to end this access yourself. Another operator has to do it.',
    end_waits: 'Somebody has already proposed to end this access. Here you see how things stand now.',
    not_proposed: 'Access can be ended only when another operator has proposed it.',
    end_proposer_gone:
      'The person who proposed to end this access is no longer an operator, or their ID is blocked. Let the person keep their access, and propose to end it again.',
    over_limit:
      'You have reached the limit of what you may change in an hour. Nothing has been done. If it is urgent, ask another operator to do it now. The limit is in Nøgle’s rules, and you can raise it there.',
    gone: 'That is settled already. Here you see how things stand now.',
  },
};
