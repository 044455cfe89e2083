/** Renders the table of errors for docs/reference/errors.md. */
import { ADVICE_BY_CODE, ADVICE_BY_STANDARD_ERROR, type ErrorAdvice } from './errorTable.ts';

/** The whole page, in Markdown. */
export function describeErrors(): string {
  return `# Errors that a relying party sees

Made from the code (\`src/domain/errors/errorTable.ts\`) by \`UPDATE_DOCS=1 npm test -- test/errors\`; a test holds the two
together. \`error\` is the standard's. Build on it and on the code, never on the words after it.

## With a code of ours

\`error_description\` begins with the code and a colon.

${composeTable('code', ADVICE_BY_CODE)}

## Of the standards

${composeTable('error', ADVICE_BY_STANDARD_ERROR)}

## At a log-out

A request for a log-out gets no error. What is not valid in it (an ID token that does not verify, an address that is not
registered, an unknown \`client_id\`, a parameter that is there twice) is not used: the person is asked, signs out, and stays
with us where no valid address is left. See [logout.md](logout.md).
`;
}

function composeTable(head: 'code' | 'error', rows: Readonly<Record<string, ErrorAdvice>>): string {
  const isCode = head === 'code';
  const cells = Object.entries(rows).map(([name, { error, cause, personSaw, remedy }]) => [
    `\`${name}\``,
    ...(isCode ? [quoteCodes(error)] : []),
    cause,
    personSaw ?? 'no one is there: it is an answer to your server',
    remedy,
  ]);
  const heads = [head, ...(isCode ? ['error'] : []), 'cause', 'what the person saw', 'what to do'];
  const lines = [heads, heads.map(() => '---'), ...cells];
  return lines.map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Puts each error code in backticks. */
function quoteCodes(error: string): string {
  return error.replaceAll(/\b[a-z]+(?:_[a-z]+)+\b/g, '`$&`').replaceAll('``', '`');
}
