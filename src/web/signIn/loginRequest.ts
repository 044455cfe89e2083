/** What the pages and the forms of a sign-in share. */
import type { Context, Next } from 'koa';
import type { Interactions } from '../../oidc/interaction.ts';
import type { PendingRequest } from '../../core/signIn/pendingRequest.ts';
import type { SentForm } from '../../usecases/signIn/holder.ts';
import type { World } from '../../usecases/world.ts';
import type { Form } from '../forms.ts';

export interface Login {
  readonly world: World;
  readonly interactions: Interactions;
  readonly stylesheet: string;
  readonly isSecure: boolean;
}

/** A form that was sent, its own proof looked at. */
export interface Sending {
  readonly login: Login;
  readonly ctx: Context;
  readonly next: Next;
  readonly request: PendingRequest;
  readonly form: Form;
  readonly sent: SentForm;
  /** The secret of the holder's cookie. */
  readonly secret: string | null;
}
