import type { VNode } from 'preact';
import type { CodeDigits } from '../../../domain/factors/codeToken.ts';
import type { SignInOutcome } from '../../../domain/signIn/signIn.ts';
import type { PageFrame } from '../../../ui/layout.tsx';
import { CodeField } from '../../../ui/stepForm.tsx';
import type { Texts } from '../../../ui/words/words.da.ts';

export interface AskedCode {
  readonly serialNumber: string;
  readonly error: CodeError | null;
}

export type CodeError =
  | { readonly kind: 'malformed'; readonly digits: CodeDigits }
  | { readonly kind: 'wrong' | 'far' | 'beyond' | 'lastBeforeLock' | 'lastBeforeBlock' | 'spent' };

const MISSES = { wrong_code: 'wrong', far_code: 'far', beyond_code: 'beyond' } as const;

/** The error that the form shows for an outcome. */
export function codeError(outcome: SignInOutcome | null): CodeError | null {
  switch (outcome?.kind) {
    case 'wrong_code':
    case 'far_code':
    case 'beyond_code':
      if (outcome.left === 1) return { kind: outcome.isLastRung ? 'lastBeforeBlock' : 'lastBeforeLock' };
      return { kind: MISSES[outcome.kind] };
    case 'malformed_code':
      return { kind: 'malformed', digits: outcome.digits };
    case 'code_spent':
      return { kind: 'spent' };
    default:
      return null;
  }
}

export function composeCodeErrorText({ codeTokenStep: words }: Texts, error: CodeError): string {
  switch (error.kind) {
    case 'malformed':
      return words.malformed(error.digits);
    case 'lastBeforeLock':
    case 'lastBeforeBlock':
      return `${words.wrong} ${words[error.kind]}`;
    default:
      return words[error.kind];
  }
}

interface CodePart extends Pick<PageFrame, 't'> {
  readonly asked: AskedCode;
  /** Not where another way is shown before it, which has the focus. */
  readonly isMain: boolean;
  /** A key of the card serves as well. */
  readonly isOptional: boolean;
}

/** Which device, and the field for its code. */
export function CodePart({ t, asked, isMain, isOptional }: CodePart): VNode {
  const words = t.codeTokenStep;
  return (
    <>
      <p>
        {words.how[0]} <strong class="noegle-card-number">{asked.serialNumber}</strong> {words.how[1]}
      </p>
      <CodeField
        label={words.label}
        fault={asked.error && composeCodeErrorText(t, asked.error)}
        isAfter={!isMain}
        isOptional={isOptional}
      />
    </>
  );
}
