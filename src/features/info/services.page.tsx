import type { VNode } from 'preact';
import type { Service } from '../../domain/relyingParty/services.ts';
import { AppointmentNote } from '../../ui/borgerservice.tsx';
import { Page, type PageFrame } from '../../ui/layout.tsx';
import { Actions, SubmitButton } from '../../ui/form.tsx';

export interface ServicesPage extends PageFrame {
  /** The services found, in order. */
  readonly services: readonly Service[];
  /** The query as typed; empty for all. */
  readonly query: string;
}

/** The maximum shown for a query: with a hundred results a person searches for another word. */
const MAX_RESULTS = 100;

const KINDS = ['public', 'bank'] as const;

/** The services that need an ID, and what to do without one; also for printing. */
export function ServicesPage(props: ServicesPage): VNode {
  const { t, services, query } = props;
  const words = t.services;
  const shown = query === '' ? services : services.slice(0, MAX_RESULTS);
  return (
    <Page {...props} page="services" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <form class="noegle-screen" method="get" action="/services" role="search">
        <div class="form-group">
          <label class="form-label" for="q">
            {words.search}
          </label>
          <span class="form-hint" id="q-hint">
            {words.searchHint}
          </span>
          <input
            class="form-input"
            type="text"
            id="q"
            name="q"
            value={query}
            maxlength={100}
            autocomplete="off"
            aria-describedby="q-hint"
          />
        </div>
        <Actions>
          <SubmitButton text={words.submit} />
          {query === '' ? null : <a href="/services">{words.all}</a>}
        </Actions>
      </form>
      {query === '' ? (
        <p class="noegle-screen">{words.print}</p>
      ) : (
        <p role="status">
          {words.asked(query)} {words.count(services.length)}{' '}
          {services.length > MAX_RESULTS ? words.first(MAX_RESULTS) : null}
        </p>
      )}
      {services.length === 0 ? <Nothing {...props} /> : null}
      {KINDS.map((kind) => (
        <Kind {...props} services={shown} kind={kind} key={kind} />
      ))}
      <AppointmentNote {...props} intro={words.appointment} />
      <p>
        <a href="/help/cannot-use-card">{words.cannot}</a>
      </p>
    </Page>
  );
}

function Nothing({ t, query }: ServicesPage): VNode {
  const words = t.services;
  if (query === '') return <p>{words.none}</p>;
  return (
    <>
      <h2>{words.nothing.title}</h2>
      <p>{words.nothing.why}</p>
      <p>{words.nothing.next}</p>
    </>
  );
}

function Kind(props: ServicesPage & { readonly kind: Service['kind'] }): VNode | null {
  const { t, language, services, kind } = props;
  const words = t.services;
  const servicesOfKind = services.filter((one) => one.kind === kind);
  if (servicesOfKind.length === 0) return null;
  return (
    <section>
      <h2>{words.kinds[kind]}</h2>
      {servicesOfKind.map(({ name, words: serviceWords, homePage }) => (
        <section class="noegle-item" key={name[language]}>
          <h3>{name[language]}</h3>
          {serviceWords ? (
            <p>
              <strong>{words.purpose}</strong> {serviceWords[language].purpose}
            </p>
          ) : null}
          <p>
            <strong>{words.without}</strong>{' '}
            {serviceWords ? serviceWords[language].without : words.general[kind]}
          </p>
          {homePage === null ? null : (
            <p class="noegle-screen">
              <a href={homePage} rel="noreferrer">
                {words.goTo(name[language], new URL(homePage).host)}
              </a>
            </p>
          )}
        </section>
      ))}
    </section>
  );
}
