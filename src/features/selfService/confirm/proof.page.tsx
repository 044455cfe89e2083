import type { VNode } from 'preact';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Actions } from '../../../ui/form.tsx';

interface KeyProofNeeded {
  readonly t: Texts;
  /** What a session without a recent key does not show or do. */
  readonly text: string;
  /** The page to return to. */
  readonly path: string;
  readonly isMain?: boolean;
}

/** Replaces personal data: why it is not shown, and the link to authenticate with a key. */
export function KeyProofNeeded({ t, text, path, isMain = false }: KeyProofNeeded): VNode {
  return (
    <>
      <p>{text}</p>
      <Actions>
        <a
          class={`button ${isMain ? 'button-primary' : 'button-secondary'}`}
          href={`/self-service/again?to=${encodeURIComponent(path)}`}
        >
          {t.selfService.proof.again}
        </a>
      </Actions>
    </>
  );
}
