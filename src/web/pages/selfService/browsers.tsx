import type { VNode } from 'preact';
import type { OwnBrowser } from '../../../usecases/selfService/browsers.ts';
import type { Language } from '../../../core/person.ts';
import { writePast } from '../../language.ts';
import type { Texts } from '../../text/da.ts';
import { Notice } from '../notice.tsx';
import { Submit } from '../form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from './frame.tsx';

export interface SelfBrowsersPage extends SelfServiceFrame {
  readonly browsers: readonly OwnBrowser[];
  /** What was taken back just now. */
  readonly isDone: 'one' | 'all' | null;
}

const ACTION = '/self-service/browsers';

/** The browsers that the person called their own, and the end of each. */
export function SelfBrowsersPage(props: SelfBrowsersPage): VNode {
  const { t, visitor, browsers, isDone } = props;
  const words = t.ownBrowsers;
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
        <Item {...props} browser={browser} key={browser.name} />
      ))}
      {browsers.length > 1 ? (
        <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'all' }}>
          <Submit text={words.takeBackAll} isMain={false} />
        </SelfForm>
      ) : null}
    </SelfServicePage>
  );
}

function Item(props: SelfBrowsersPage & { browser: OwnBrowser }): VNode {
  const { t, language, visitor, browser } = props;
  const words = t.ownBrowsers;
  const { name, firstAt, lastAt, seen } = browser;
  const title = nameOf(t, browser);
  const since = writeWhen(firstAt, language);
  return (
    <section class="noegle-item">
      <h2>{title}</h2>
      <p>{words.since(since)}</p>
      {lastAt ? <p>{words.lastUsed(writeWhen(lastAt, language))}</p> : null}
      {seen ? <p class="form-hint">{words.from(seen.network)}</p> : null}
      <SelfForm visitor={visitor} action={ACTION} hidden={{ do: 'one', browser: name }}>
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

function nameOf(t: Texts, { seen }: OwnBrowser): string {
  const words = t.ownBrowsers;
  if (seen?.browser && seen.system) return words.on(seen.browser, seen.system);
  return seen?.browser ?? words.nameless;
}

function writeWhen(at: Date, language: Language): string {
  const { day, time } = writePast(at, language);
  return `${day} ${time}`;
}
