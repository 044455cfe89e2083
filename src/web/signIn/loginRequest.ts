/** What the pages and the forms of a sign-in share. */
import type { Interactions, PendingRequest } from '../../oidc/interaction.ts';
import type { SignInRequest } from '../../usecases/signIn/showSignIn.ts';
import type { World } from '../../usecases/world.ts';

export interface Login {
  readonly world: World;
  readonly interactions: Interactions;
  readonly stylesheet: string;
  readonly isSecure: boolean;
}

/** @param holder the secret by which this browser holds the row. */
export function asked({ world }: Login, request: PendingRequest, holder: string | null): SignInRequest {
  const startedAt = new Date(world.clock.now().getTime() - request.ageMs);
  return { ...request, interactionId: request.id, startedAt, holder };
}
