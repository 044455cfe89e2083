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

  /** @param {HTMLFormElement} form @returns {Promise<string>} the answer as JSON */
  const create = async (form) => {
    const publicKey = parseCreation(JSON.parse(form.dataset['options'] ?? ''));
    const credential = await navigator.credentials.create({ publicKey });
    return writeCreated(/** @type {PublicKeyCredential} */ (credential));
  };

  /** @param {PublicKeyCredentialRequestOptionsJSON} json @returns {PublicKeyCredentialRequestOptions} */
  const parseRequest = (json) => {
    if (PublicKeyCredential.parseRequestOptionsFromJSON) {
      return PublicKeyCredential.parseRequestOptionsFromJSON(json);
    }
    const { challenge, allowCredentials = [], extensions: _none, ...rest } = json;
    return /** @type {PublicKeyCredentialRequestOptions} */ ({
      ...rest,
      challenge: toBytes(challenge),
      allowCredentials: allowCredentials.map((one) => ({ ...one, id: toBytes(one.id) })),
    });
  };
  /** @param {PublicKeyCredential} credential */
  const writeSigned = (credential) => {
    if ('toJSON' in credential) return JSON.stringify(credential);
    const { id, rawId, type, response } = /** @type {PublicKeyCredential} */ (credential);
    const { clientDataJSON, authenticatorData, signature, userHandle } =
      /** @type {AuthenticatorAssertionResponse} */ (response);
    return JSON.stringify({
      id,
      rawId: toText(rawId),
      type,
      clientExtensionResults: {},
      response: {
        clientDataJSON: toText(clientDataJSON),
        authenticatorData: toText(authenticatorData),
        signature: toText(signature),
        ...(userHandle ? { userHandle: toText(userHandle) } : {}),
      },
    });
  };

  /**
   * The page has its proof once, in the form of what else serves.
   * @param {HTMLFormElement} form
   */
  const takeProof = (form) => {
    for (const name of ['csrf', 'form']) {
      const field = document.querySelector(`input[name=${name}]`);
      if (field && !form.elements.namedItem(name)) form.append(field.cloneNode());
    }
  };
  /** @param {HTMLFormElement} form @param {string} name */
  const fieldOf = (form, name) => {
    const field = form.elements.namedItem(name);
    return field instanceof HTMLInputElement ? field.value : '';
  };

  // A browser answers one request at a time: the button takes the place of what was offered in the field.
  let offer = new AbortController();
  /** @param {HTMLFormElement} form @returns {Promise<string>} the answer as JSON */
  const get = async (form, mediation = /** @type {CredentialMediationRequirement} */ ('optional')) => {
    offer.abort();
    offer = new AbortController();
    const { signal } = offer;
    // The challenge is the form itself.
    const page = `${fieldOf(form, 'csrf')}.${fieldOf(form, 'form')}`;
    const challenge = toText(new TextEncoder().encode(page).buffer);
    const publicKey = parseRequest({ ...JSON.parse(form.dataset['options'] ?? '{}'), challenge });
    const credential = await navigator.credentials.get({ publicKey, mediation, signal });
    return writeSigned(/** @type {PublicKeyCredential} */ (credential));
  };

  /**
   * Offers passkeys in the field of the user ID, without asking.
   * @param {HTMLFormElement} form @param {HTMLInputElement} field
   */
  const offerInField = async (form, field) => {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
    field.value = await get(form, 'conditional');
    form.requestSubmit();
  };

  /** What a form may ask for, by its `data-webauthn`. */
  /** @type {Readonly<Record<string, (form: HTMLFormElement) => Promise<string>>>} */
  const CEREMONIES = { create, get: (form) => get(form) };

  /** @param {HTMLFormElement} form */
  const prepare = (form) => {
    const { webauthn = '' } = form.dataset;
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
    if (webauthn === 'get') takeProof(form);
    let isAsking = false;
    const ask = async () => {
      isAsking = true;
      tell('');
      try {
        field.value = await ceremony(form);
        form.requestSubmit();
      } catch (error) {
        const name = error instanceof DOMException ? error.name : 'other';
        tell(name.charAt(0).toLowerCase() + name.slice(1));
        startOffer();
      }
      isAsking = false;
    };
    // It ends when the person presses the button, or when it fails: the page stays as it is.
    const startOffer = () => {
      if (form.dataset['offersInField'] !== undefined) offerInField(form, field).catch(() => undefined);
    };
    form.addEventListener('submit', (event) => {
      // A button with a name does something else.
      if (field.value !== '' || (event.submitter instanceof HTMLButtonElement && event.submitter.name))
        return;
      event.preventDefault();
      if (isAsking) return;
      void ask();
    });
    // After going back, the answer of before is of no use.
    addEventListener('pageshow', () => (field.value = ''));
    form.hidden = false;
    startOffer();
  };

  if ('PublicKeyCredential' in window && navigator.credentials) {
    for (const form of document.forms) if (form.dataset['webauthn']) prepare(form);
    /** @type {NodeListOf<HTMLElement>} */
    const offers = document.querySelectorAll('[data-webauthn-offer]');
    for (const one of offers) one.hidden = false;
    for (const missing of document.querySelectorAll('[data-webauthn-missing]')) missing.remove();
  }
}
