/** The pages of a new password, in every state. */
import type { PageFrame } from '../../ui/layout.tsx';
import { NewPasswordKeyPage, NewPasswordPage, NewPasswordReceivedPage } from './newPassword.page.tsx';

const NAME_STEP = { typedName: '', error: null, form: 'form' } as const;
const KEY_STEP = { typedName: 'anna', keyNumber: '0087', error: null, form: 'form' } as const;

const showName =
  (props: Partial<Parameters<typeof NewPasswordPage>[0]> = {}) =>
  (frame: PageFrame) =>
    NewPasswordPage({ ...frame, ...NAME_STEP, ...props });
const showKey =
  (props: Partial<Parameters<typeof NewPasswordKeyPage>[0]> = {}) =>
  (frame: PageFrame) =>
    NewPasswordKeyPage({ ...frame, ...KEY_STEP, ...props });

export const NEW_PASSWORD_GALLERY = {
  'new-password': [
    { state: 'first', render: showName() },
    { state: 'incomplete', render: showName({ error: 'incomplete' }) },
    { state: 'cpr-number', render: showName({ error: 'cpr_number' }) },
    { state: 'name-unreadable', render: showName({ error: 'name_unreadable' }) },
    { state: 'slowed', render: showName({ typedName: 'anna', unseen: 'slowed' }) },
  ],
  'new-password-key': [
    { state: 'first', render: showKey() },
    { state: 'malformed', render: showKey({ error: 'malformed' }) },
    { state: 'stale', render: showKey({ error: 'stale' }) },
    { state: 'slowed', render: showKey({ unseen: 'slowed' }) },
    { state: 'unavailable', render: showKey({ unseen: 'unavailable' }) },
  ],
  'new-password-received': [{ state: 'first', render: (frame: PageFrame) => NewPasswordReceivedPage(frame) }],
} as const;
