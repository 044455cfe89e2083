/** A security key or a passkey of Chromium's own: its virtual authenticator, by the DevTools protocol. */
import type { CDPSession, Page } from 'playwright-core';
import type { SoftAuthenticator } from './authenticator.ts';

interface VirtualAuthenticatorOptions {
  /** A passkey of the device, which may be on others too; else a security key that is plugged in. */
  readonly isSynced?: boolean;
  /** Whether its user touches it at once. */
  readonly isTouched?: boolean;
}

export interface VirtualCredential {
  readonly credentialId: string;
  readonly isResidentCredential: boolean;
  readonly privateKey: string;
  readonly signCount: number;
}

/** It is plugged into one page, and stays there while the page goes from address to address. */
export class VirtualAuthenticator {
  readonly #session: CDPSession;
  readonly #id: string;

  private constructor(session: CDPSession, id: string) {
    this.#session = session;
    this.#id = id;
  }

  static async plugInto(
    page: Page,
    options: VirtualAuthenticatorOptions = {},
  ): Promise<VirtualAuthenticator> {
    const { isSynced = false, isTouched = true } = options;
    const session = await page.context().newCDPSession(page);
    await session.send('WebAuthn.enable', { enableUI: false });
    const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        ctap2Version: 'ctap2_1',
        transport: isSynced ? 'internal' : 'usb',
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        automaticPresenceSimulation: isTouched,
        defaultBackupEligibility: isSynced,
        defaultBackupState: isSynced,
      },
    });
    return new VirtualAuthenticator(session, authenticatorId);
  }

  /** Whether its user touches it, and unlocks it, whenever a page asks. */
  async setTouched(isTouched: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setAutomaticPresenceSimulation', {
      authenticatorId: this.#id,
      enabled: isTouched,
    });
  }

  /** Whether it verifies its user by PIN, fingerprint or face. */
  async setUserVerified(isUserVerified: boolean): Promise<void> {
    await this.#session.send('WebAuthn.setUserVerified', { authenticatorId: this.#id, isUserVerified });
  }

  /** Gives it a credential that an authenticator in software made. */
  async hold(authenticator: SoftAuthenticator): Promise<void> {
    const { id, userHandle, pkcs8, signCount, rpId, discoverable, synced } = authenticator.exportCredential();
    await this.#session.send('WebAuthn.addCredential', {
      authenticatorId: this.#id,
      credential: {
        credentialId: toBase64(id),
        isResidentCredential: discoverable,
        rpId,
        privateKey: pkcs8.toString('base64'),
        userHandle: toBase64(userHandle),
        signCount,
        backupEligibility: synced,
        backupState: synced,
      },
    });
  }

  async credentials(): Promise<VirtualCredential[]> {
    const { credentials } = await this.#session.send('WebAuthn.getCredentials', {
      authenticatorId: this.#id,
    });
    return credentials;
  }

  /** How often it has signed. */
  async countSignatures(): Promise<number> {
    return (await this.credentials()).reduce((sum, { signCount }) => sum + signCount, 0);
  }
}

function toBase64(text: string): string {
  return Buffer.from(text, 'base64url').toString('base64');
}
