// @ts-check
// Security keys and passkeys. Only pages that use them load it. Each form says in its data what is asked, and
// the words for what a browser reports; without this script, or in a browser without WebAuthn, the page says
// what else serves.
{
  /** @param {string} text base64url @returns {ArrayBuffer} */
  const toBytes = (text) =>
    Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer;
  /** @param {ArrayBuffer} bytes @returns {string} base64url */
  const toText = (bytes) =>
    btoa(String.fromCharCode(...new Uint8Array(bytes)))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replaceAll('=', '');

  // For browsers that have WebAuthn, and not yet its JSON forms.
  /** @param {PublicKeyCredentialCreationOptionsJSON} json @returns {PublicKeyCredentialCreationOptions} */
  const parseCreation = (json) => {
    if (PublicKeyCredential.parseCreationOptionsFromJSON) {
      return PublicKeyCredential.parseCreationOptionsFromJSON(json);
    }
    const { user, challenge, excludeCredentials = [], extensions: _none, ...rest } = json;
    return /** @type {PublicKeyCredentialCreationOptions} */ ({
      ...rest,
      challenge: toBytes(challenge),
      user: { ...user, id: toBytes(user.id) },
      extensions: { credProps: true },
      excludeCredentials: excludeCredentials.map((one) => ({ ...one, id: toBytes(one.id) })),
    });
  };
  /** @param {PublicKeyCredential} credential */
  const writeCreated = (credential) => {
    if ('toJSON' in credential) return JSON.stringify(credential);
    const { id, rawId, type, authenticatorAttachment, response } = /** @type {PublicKeyCredential} */ (
      credential
    );
    const created = /** @type {AuthenticatorAttestationResponse} */ (response);
    return JSON.stringify({
      id,
      rawId: toText(rawId),
      type,
      authenticatorAttachment,
      clientExtensionResults: /** @type {PublicKeyCredential} */ (credential).getClientExtensionResults(),
      response: {
        clientDataJSON: toText(created.clientDataJSON),
        attestationObject: toText(created.attestationObject),
        transports: 'getTransports' in created ? created.getTransports() : [],
      },
    });
  };

  /** @param {string} options JSON @returns {Promise<string>} the answer as JSON */
  const create = async (options) => {
    const publicKey = parseCreation(JSON.parse(options));
    const credential = await navigator.credentials.create({ publicKey });
    return writeCreated(/** @type {PublicKeyCredential} */ (credential));
  };

  /** What a form may ask for, by its `data-webauthn`. */
  /** @type {Readonly<Record<string, (options: string) => Promise<string>>>} */
  const CEREMONIES = { create };

  /** @param {HTMLFormElement} form */
  const prepare = (form) => {
    const { webauthn = '', options = '' } = form.dataset;
    const ceremony = CEREMONIES[webauthn];
    const field = form.elements.namedItem('credential');
    const report = form.querySelector('[data-part=fault]');
    if (!ceremony || !(field instanceof HTMLInputElement) || !(report instanceof HTMLElement)) return;
    /** @param {string} name of the error */
    const tell = (name) => {
      report.hidden = name === '';
      const text = report.querySelector('[data-part=text]') ?? report;
      text.textContent = name === '' ? '' : (report.dataset[name] ?? report.dataset['other'] ?? '');
    };
    let isAsking = false;
    const ask = async () => {
      isAsking = true;
      tell('');
      try {
        field.value = await ceremony(options);
        form.requestSubmit();
      } catch (error) {
        const name = error instanceof DOMException ? error.name : 'other';
        tell(name.charAt(0).toLowerCase() + name.slice(1));
      }
      isAsking = false;
    };
    form.addEventListener('submit', (event) => {
      if (field.value !== '') return;
      event.preventDefault();
      if (isAsking) return;
      void ask();
    });
    // After going back, the answer of before is of no use.
    addEventListener('pageshow', () => (field.value = ''));
    form.hidden = false;
  };

  if ('PublicKeyCredential' in window && navigator.credentials) {
    for (const form of document.forms) if (form.dataset['webauthn']) prepare(form);
    for (const missing of document.querySelectorAll('[data-webauthn-missing]')) missing.remove();
  }
}
