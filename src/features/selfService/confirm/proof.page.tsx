import type { VNode } from 'preact';
import type { Texts } from '../../../ui/words/words.da.ts';
import { Actions } from '../../../ui/form.tsx';

interface KeyProofNeeded {
  readonly t: Texts;
  /** What is not shown, or not to be done, by a session alone. */
  readonly text: string;
  /** The page on which it stands. */
  readonly path: string;
  readonly isMain?: boolean;
}

/** In the place of what is personal: why it is not there, and the way to it. */
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
