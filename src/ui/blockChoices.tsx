import type { VNode } from 'preact';

type BlockChoice = { readonly label: string; readonly hint: string };

interface BlockChoices {
  readonly words: { readonly what: string; readonly card: BlockChoice; readonly identity: BlockChoice };
  readonly chosen: 'card' | 'identity';
}

/** Only the card or the whole ID, with the consequences of each. */
export function BlockChoices({ words, chosen }: BlockChoices): VNode {
  return (
    <fieldset class="form-group">
      <legend class="form-label">{words.what}</legend>
      {(['card', 'identity'] as const).map((what) => (
        <div class="form-group-radio" key={what}>
          <input
            class="form-radio"
            type="radio"
            id={`what-${what}`}
            name="what"
            value={what}
            checked={what === chosen}
            aria-describedby={`what-${what}-hint`}
          />
          <label class="form-label" for={`what-${what}`}>
            {words[what].label}
          </label>
          <span class="form-hint" id={`what-${what}-hint`}>
            {words[what].hint}
          </span>
        </div>
      ))}
    </fieldset>
  );
}
