import { createHash } from 'node:crypto';
import type { VNode } from 'preact';
import type { FirstPartyClient } from '../../domain/relyingParty/firstPartyClient.ts';
import type { Texts } from '../words/words.da.ts';

/** Of a page that does not stay on the screen when it lies untouched. */
export interface IdleTimeout {
  readonly minutes: number;
  /**
   * The path of a site of our own: asking for it keeps the session, and below it lie `time-left` and `timed-out`. Null
   * for a page without a session of its own: using the page keeps it, and in the end it is emptied.
   */
  readonly stayAt: string | null;
  /** Which session of that site: its tabs and the server are asked for this one. */
  readonly of?: string;
  /** The server knows how far its form has come: gone back to, it is asked for again. */
  readonly isCounted?: boolean;
}

/** Of a page of a site of our own, in the session that this token of its forms belongs to. */
export function composeIdleTimeout({ idleMinutes, path }: FirstPartyClient, csrf: string): IdleTimeout {
  return { minutes: idleMinutes, stayAt: path, of: hashSessionForPage(csrf) };
}

/** Names a session to its own pages. Made of the token of its forms, which is keyed, and gives nothing of it away. */
export function hashSessionForPage(csrf: string): string {
  return createHash('sha256').update(`page of ${csrf}`).digest('base64url').slice(0, 16);
}

/** Of pages with somebody's things on them that belong to no session of our own sites. */
export const FORM_IDLE: IdleTimeout = { minutes: 30, stayAt: null };

/**
 * Closed, and so not there, unless the script opens it. Without script the page itself says after how long it ends;
 * with it, both are said in time: that it will end, and that it has. `over` is what the page is then replaced with.
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
  // On a page that mostly goes on long before, nothing of it is there until it is needed.
  return idle.stayAt === null ? <template data-idle>{dialog}</template> : dialog;
}

/**
 * Without script: when the session has ended, the browser leaves its page by itself. Nobody can be asked first without
 * script; but the page says its time in words, and what it takes away is what the ended session would refuse. A page
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
