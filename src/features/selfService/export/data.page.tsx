import type { VNode } from 'preact';
import { Submit } from '../../../ui/form.tsx';
import { SelfForm, SelfServicePage, type SelfServiceFrame } from '../selfServiceFrame.page.tsx';
import { KeyProofNeeded } from '../confirm/proof.page.tsx';

/** The contents of the file, and the download. */
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
      <p>{words.format}</p>
      <p>{words.careful}</p>
      {hasRecentKey ? (
        <SelfForm user={props.user} action="/self-service/data">
          <Submit text={words.submit} />
        </SelfForm>
      ) : (
        <KeyProofNeeded t={t} text={t.selfService.proof.data} path="/self-service/data" isMain />
      )}
    </SelfServicePage>
  );
}
