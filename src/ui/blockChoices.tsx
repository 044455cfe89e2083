/**
 * Blocking takes two pages: what to block, with nothing chosen beforehand, and what it leads to, with the
 * button. A slip blocks nothing, and a frightened person is done after one page more.
 */
import type { VNode } from 'preact';
import { BLOCK_TARGETS, leavesCard, type BlockTarget } from '../domain/factors/heldFactors.ts';
import { AppointmentLink } from './borgerservice.tsx';
import type { PageFrame } from './layout.tsx';

/** A person who thinks of the one may mean the other. */
const OTHER: Readonly<Record<BlockTarget, BlockTarget>> = {
  card: 'identity',
  security_keys: 'identity',
  code_token: 'card',
  identity: 'card',
};

/**
 * One kind of factor, or the whole ID.
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
  props: Pick<PageFrame, 't' | 'contact'> & { readonly what: BlockTarget; readonly path: string },
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
      {props.contact.appointmentsUrl === null || leavesCard(what) ? null : (
        <p>
          <AppointmentLink {...props} />
        </p>
      )}
      <p>
        <a href={`${path}/${OTHER[what]}`}>{words.other}</a>
      </p>
    </>
  );
}
