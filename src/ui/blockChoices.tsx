/**
 * Blocking takes two pages: what to block, with nothing chosen beforehand, and what it leads to, with the
 * button. A slip blocks nothing, and a frightened person is done after one page more.
 */
import type { VNode } from 'preact';
import { AppointmentLink } from './borgerservice.tsx';
import type { PageFrame } from './layout.tsx';

export const BLOCK_TARGETS = ['card', 'security_keys', 'identity'] as const;
export type BlockChoice = (typeof BLOCK_TARGETS)[number];

export function isBlockChoice(text: string): text is BlockChoice {
  return (BLOCK_TARGETS as readonly string[]).includes(text);
}

/**
 * Only the card, only the security keys, or the whole ID.
 * @param path of the page, below which each choice has its page
 */
export function BlockChoices({ t, path }: Pick<PageFrame, 't'> & { readonly path: string }): VNode {
  const words = t.block;
  return (
    <>
      <h2>{words.what}</h2>
      <ul class="noegle-links">
        {BLOCK_TARGETS.map((what) => (
          <li key={what}>
            <a href={`${path}/${what}`}>{words[what].label}</a>
            <span>{words[what].hint}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What the block leads to, and the page of the other choice. */
export function BlockConsequences(
  props: Pick<PageFrame, 't' | 'contact'> & { readonly what: BlockChoice; readonly path: string },
): VNode {
  const { t, what, path } = props;
  const words = t.block[what];
  return (
    <>
      <p>{t.block.means}</p>
      <ul class="noegle-list">
        {words.means.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      {/* The card goes on signing in where only security keys are blocked. */}
      {props.contact.appointmentsUrl === null || what === 'security_keys' ? null : (
        <p>
          <AppointmentLink {...props} />
        </p>
      )}
      <p>
        <a href={`${path}/${what === 'identity' ? 'card' : 'identity'}`}>{words.other}</a>
      </p>
    </>
  );
}
