import { createHash } from 'node:crypto';
import type { VNode } from 'preact';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import type { Texts } from '../words/words.da.ts';

/** The idle timeout of a page. */
export interface IdleTimeout {
  readonly minutes: number;
  /**
   * The path of a first-party client: a request to it keeps the session, and `time-left` and `timed-out` are
   * below it. Null for a page without a session: using the page keeps it, and it is emptied in the end.
   */
  readonly stayAt: string | null;
  /** The session of that client: its tabs and the server are asked for this one. */
  readonly of?: string;
  /** The server records the progress of its form: when the person goes back to it, the page is reloaded. */
  readonly isCounted?: boolean;
}

/** The timeout of a first-party client's page, in the session that this CSRF token belongs to. */
export function composeIdleTimeout({ idleMinutes, path }: FirstPartyClient, csrf: string): IdleTimeout {
  return { minutes: idleMinutes, stayAt: path, of: hashSessionForPage(csrf) };
}

/**
 * Identifies a session to its own pages. A hash of the CSRF token, which is keyed, so it reveals nothing of
 * it.
 */
export function hashSessionForPage(csrf: string): string {
  return createHash('sha256').update(`page of ${csrf}`).digest('base64url').slice(0, 16);
}

/** The timeout of pages with a person's data that belong to no first-party client's session. */
export const FORM_IDLE: IdleTimeout = { minutes: 30, stayAt: null };

/**
 * The dialog is closed, and so hidden, unless the script opens it. Without script the page itself states
 * after how long it ends; with script the person is warned in time, and sees when it has ended. `over` then
 * replaces the page.
 */
export function TimeoutDialog({ t, idle }: { t: Texts; idle: IdleTimeout }): VNode {
  const words = idle.stayAt === null ? t.courtesy.emptied : t.courtesy.timeout;
  const dialog = (
    <dialog
      class="noegle-timeout"
      aria-labelledby="timeout-soon"
      data-idle-minutes={idle.minutes}
      data-stay-at={idle.stayAt ?? undefined}
      data-of={idle.of}
      data-judged={idle.isCounted ? '' : undefined}
      data-over={`${words.over} – ${t.brand}`}
    >
      <div data-part="soon">
        <h2 id="timeout-soon">{words.soon}</h2>
        <p>{words.soonWhy}</p>
        <div class="noegle-actions">
          <button class="button button-primary" type="button">
            {words.stay}
          </button>
        </div>
      </div>
      <div data-part="over" hidden>
        <h2>{words.over}</h2>
        <p>{words.overWhy}</p>
        <div class="noegle-actions">
          <a class="button button-primary" href={idle.stayAt ?? '/'}>
            {words.again}
          </a>
        </div>
      </div>
      <p
        data-part="told"
        role="status"
        data-one-minute={words.oneMinute}
        data-failed={t.courtesy.timeout.failed}
      />
    </dialog>
  );
  // On a page that people usually leave long before, it stays in a template until it is needed.
  return idle.stayAt === null ? <template data-idle>{dialog}</template> : dialog;
}

/**
 * Without script the browser leaves the page when the session has ended. No one can be asked first without
 * script; but the page states its time, and what it removes is what the ended session would refuse. A page
 * without a session has no such end, and stays.
 */
export function LeaveWithoutScript({ idle }: { idle: IdleTimeout }): VNode | null {
  if (idle.stayAt === null) return null;
  return (
    <noscript>
      <meta http-equiv="refresh" content={`${idle.minutes * 60};url=${idle.stayAt}/timed-out`} />
    </noscript>
  );
}
