import type { VNode } from 'preact';
import { Actions, Submit } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { KeyProofNeeded } from '../confirm/proof.page.tsx';

/** What is known of the person: a link to read it, and the file to download. */
export function SelfDataPage(props: SelfServiceFrame): VNode {
  const { t, hasRecentKey } = props;
  const words = t.ownData;
  return (
    <SelfServicePage {...props} page="self-data" title={words.title}>
      <h1>{words.title}</h1>
      <p>{words.intro}</p>
      <h2>{words.whatTitle}</h2>
      <ul class="noegle-list">
        {words.what.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {hasRecentKey ? (
        <>
          <Actions>
            <a class="button button-primary" href="/self-service/data/read">
              {words.readSubmit}
            </a>
          </Actions>
          <h2>{words.fileTitle}</h2>
          <p>{words.format}</p>
          <p>{words.careful}</p>
          <SelfForm user={props.user} action="/self-service/data">
            <Submit text={words.submit} isMain={false} />
          </SelfForm>
        </>
      ) : (
        <KeyProofNeeded t={t} text={t.selfService.proof.data} path="/self-service/data" isMain />
      )}
    </SelfServicePage>
  );
}
