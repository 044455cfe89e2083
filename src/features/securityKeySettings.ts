/** The settings of security keys, which their pages share. */
export interface AttestationSettings {
  /** Models whose makers vouch for them, as AAGUIDs in lower case. */
  readonly models: readonly string[];
  /** Root certificates of the makers, PEM. */
  readonly roots: readonly string[];
  /** Whether models that are not listed, or not attested, are refused. */
  readonly refusesOthers: boolean;
}

export interface SecurityKeySettings {
  readonly issuer: string;
  /** Null asks for no attestation. */
  readonly attestation: AttestationSettings | null;
}
