/**
 * What is written down, in the transaction of what it records. `signed_in` and the like are also the person's
 * own activity log. Details hold no secret, no CPR number and no name.
 */
export type AuditEvent =
  | { kind: 'identity_issued'; identityId: string; details: { idNumber: string } }
  | { kind: 'card_issued'; identityId: string; details: { cardNumber: string } }
  | { kind: 'signed_in'; identityId: string; details: { clientId: string; cardNumber: string } }
  | { kind: 'public_sites_changed'; identityId: string; details: { on: boolean } }
  | { kind: 'consent_given'; identityId: string; details: { clientId: string; scopes: readonly string[] } }
  | {
      kind: 'consent_withdrawn';
      identityId: string;
      details: { clientId: string; scopes: readonly string[] };
    }
  | { kind: 'key_burnt'; identityId: string; details: { cardNumber: string } }
  | { kind: 'keys_locked'; identityId: string; details: Record<never, never> };
