import type { VNode } from 'preact';
import { nameBrowser } from '../../sessions/index.ts';
import type { KnownBrowserView } from './browsers.ts';
import type { Language } from '../../../domain/person/person.ts';
import { writePastMoment } from '../../../ui/language.ts';
import { Notice } from '../../../ui/pages/notice.page.tsx';
import { Submit } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';

export interface SelfBrowsersPage extends SelfServiceFrame {
  readonly browsers: readonly KnownBrowserView[];
  /** What was removed just now. */
  readonly isDone: 'one' | 'all' | null;
}

const ACTION = '/self-service/browsers';

/** The browsers that the person marked as their own, with a button to remove each. */
export function SelfBrowsersPage(props: SelfBrowsersPage): VNode {
  const { t, user, browsers, isDone } = props;
  const words = t.knownBrowsers;
  return (
    <SelfServicePage {...props} page="self-browsers" title={words.title}>
      <h1>{words.title}</h1>
      {isDone ? (
        <Notice text={isDone === 'one' ? words.isTakenBack : words.areTakenBack} kind="success" />
      ) : null}
      <p>{words.intro}</p>
      {browsers.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <p>
          {words.unknown} <a href="/self-service/access">{t.access.title}</a>
        </p>
      )}
      {browsers.map((browser) => (
        <BrowserItem {...props} browser={browser} key={browser.name} />
      ))}
      {browsers.length > 1 ? (
        <SelfForm user={user} action={ACTION} hidden={{ do: 'all' }}>
          <Submit text={words.takeBackAll} isMain={false} />
        </SelfForm>
      ) : null}
    </SelfServicePage>
  );
}

function BrowserItem(props: SelfBrowsersPage & { browser: KnownBrowserView }): VNode {
  const { t, language, user, browser } = props;
  const words = t.knownBrowsers;
  const { name, firstAt, lastAt, seen: clientContext } = browser;
  const title = browser.seen ? nameBrowser(t, browser.seen) : words.nameless;
  const since = writeBrowserTime(firstAt, language);
  return (
    <section class="noegle-item">
      <h2>{title}</h2>
      <p>{words.since(since)}</p>
      {lastAt ? <p>{words.lastUsed(writeBrowserTime(lastAt, language))}</p> : null}
      {clientContext ? <p class="form-hint">{words.from(clientContext.network)}</p> : null}
      <SelfForm user={user} action={ACTION} hidden={{ do: 'one', browser: name }}>
        <Submit
          text={
            <>
              {words.takeBack} <span class="sr-only">{words.takeBackWhich(title, since)}</span>
            </>
          }
          isMain={false}
        />
      </SelfForm>
    </section>
  );
}

function writeBrowserTime(at: Date, language: Language): string {
  const { day, time } = writePastMoment(at, language);
  return `${day} ${time}`;
}
