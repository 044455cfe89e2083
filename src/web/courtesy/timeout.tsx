import type { VNode } from 'preact';
import type { Texts } from '../text/da.ts';

/** Of a page that somebody is signed out from when it lies untouched. */
export interface Idle {
  readonly minutes: number;
  /** A page of the same session: asking for it keeps the session. */
  readonly stayAt: string;
}

/**
 * Closed, and so not there, unless the script opens it. Without script the page itself says after how long it ends;
 * with it, both are said in time: that it will end, and that it has.
 */
export function TimeoutDialog({ t, idle }: { t: Texts; idle: Idle }): VNode {
  const words = t.courtesy.timeout;
  return (
    <dialog
      class="noegle-timeout"
      aria-labelledby="timeout-soon"
      data-idle-minutes={idle.minutes}
      data-stay-at={idle.stayAt}
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
          <a class="button button-primary" href={idle.stayAt}>
            {words.again}
          </a>
        </div>
      </div>
      <p data-part="told" role="status" data-one-minute={words.oneMinute} data-failed={words.failed} />
    </dialog>
  );
}
