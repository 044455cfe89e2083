/** The message at the end of a start: where to go, who to be, where the card is. */
import path from 'node:path';
import type { SandboxDemo } from './sandbox.ts';

export function composeWelcome({ issuer, people, relyingParties }: SandboxDemo, demoFile: string): string {
  const width = Math.max(...people.map(({ userId }) => userId.length));
  const lines = people.map(
    ({ userId, password, about, fullName }) =>
      `  ${userId.padEnd(width)}  ${password.padEnd(16)}  ${fullName}, ${about}`,
  );
  const url = (clientId: string) => relyingParties.find((rp) => rp.clientId === clientId)?.url ?? '';
  const places = [
    [url('demo-netbank'), 'a netbank'],
    [url('demo-randers'), 'the self-service of a municipality'],
    [`${issuer}/desk`, 'the desk, for those who work here'],
    [`${issuer}/order`, 'where an ID is ordered, as anybody of examples/register.csv'],
  ] as const;
  return [
    '',
    `Nøgle is ready at ${issuer}`,
    '',
    'Where to sign in:',
    ...places.map(([place, what]) => `  ${place.padEnd(issuer.length + 5)}   ${what}`),
    '',
    'Who you can be (user ID, password):',
    ...lines,
    '',
    `Their key cards:   ${path.relative('', demoFile) || demoFile}   (people[].cards[].keys)`,
    `Your own code:     sandbox-public and sandbox-bank, same file, for any http://127.0.0.1:<port>/cb`,
    `Each step shown:   ${issuer}/developers`,
    `Discovery:         ${issuer}/.well-known/openid-configuration`,
    '',
    'Ctrl-C stops everything; the data stays.',
    '',
  ].join('\n');
}
