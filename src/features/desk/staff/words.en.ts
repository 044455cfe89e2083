import type { deskDa, deskStaffDa } from './words.da.ts';

export const deskEn: typeof deskDa = {
  title: 'The desk',
  home: 'To the first page',
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
    next: 'Go to the first page to see what you can do.',
  },
};

export const deskStaffEn: typeof deskStaffDa = {
  title: 'Staff',
  waiting: 'Waiting for approval',
  working: 'Have access now',
  userId: 'User ID',
  userIdHint: 'Exactly as the person types it to sign in.',
  role: 'Role',
  bank: 'Bank',
  bankHint: 'For bank clerks only: the bank that they work for.',
  noBank: 'None',
  access: 'Access',
  bankGone: 'Does not work: nobody can sign in at that bank any more.',
  since: 'Since',
  proposedBy: 'Proposed by',
  approvedBy: 'Approved by',
  byCommand: 'Made at installation',
  yourself: 'This is you. Only somebody else can change your own access.',
  byAnother: 'You proposed this yourself. Another operator has to approve it.',
  approve: (name) => `Approve ${name}`,
  withdraw: (name) => `Turn down the proposal about ${name}`,
  end: (name) => `Propose to end access for ${name}`,
  endNow: (name) => `End access for ${name}`,
  keep: (name) => `Let ${name} keep their access`,
  callOff: 'Call the proposal off',
  endProposedBy: 'End proposed by',
  endWaits: 'Access is paused until another operator has decided.',
  endWaitsOperator: 'Another operator has to decide. Access holds until then.',
  endWhy:
    'It takes two operators to end access. It is paused as soon as the first has proposed it. Only an operator’s access holds until it is decided.',
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
    end_waits: 'It is proposed already to end this access. Here you see how things stand now.',
    not_proposed: 'Access can be ended only when another operator has proposed it.',
    end_proposer_gone:
      'The operator who proposed to end this access is one no longer, or their ID is blocked. Remove the proposal, and propose it again.',
    over_limit:
      'You have reached the limit of what you may change in an hour. Nothing has been done. If it is urgent, ask another operator to do it now. The limit stands in the rules of Nøgle and can be raised there.',
    gone: 'That is settled already. Here you see how things stand now.',
  },
};
