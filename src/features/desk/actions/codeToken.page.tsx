import type { VNode } from 'preact';
import type { Texts } from '../../../ui/words/words.da.ts';
import { TextBox, type FieldFaultWords } from '../fields.page.tsx';
import { CODE_TOKEN_FIELDS, type CodeTokenAction } from './deskCodeToken.ts';

interface CodeTokenFields {
  readonly t: Texts;
  readonly action: CodeTokenAction;
  readonly typed: Readonly<Record<'serialNumber' | 'code' | 'nextCode', string>>;
  readonly inWords: FieldFaultWords;
}

/** The number on the device, and what it shows now. */
export function DeskCodeTokenFields({ t, action, typed, inWords }: CodeTokenFields): VNode {
  const words = t.deskSearch.action.codeToken;
  return (
    <>
      {CODE_TOKEN_FIELDS[action].map((name) => (
        <TextBox
          key={name}
          name={name}
          label={words[name]}
          value={name === 'serialNumber' ? typed[name] : ''}
          faults={inWords}
        />
      ))}
    </>
  );
}
