/**
 * The help of the command line: one entry for each command. Loads nothing, so that `--help` answers at once.
 */
import { measureDistance } from '../domain/input/nearestWord.ts';
import { COMMANDS } from './operator.ts';

const HEAD = 'Usage: node dist/cli.js <command> [--json] [--by NAME]';

const ENTRIES = `
  migrate [--plan]           brings the database of DATABASE_URL up to date; with --plan it only says what it would do,
                             which locks that takes, and which nodes may run beside it
  database make [--name N] [--urls FOLDER]
                             creates database and roles, as the administrator of NOEGLE_ADMIN_DATABASE_URL
  database settings [--role NAME]
                             gives the role of DATABASE_URL, or another one, the settings that a node cannot pass
                             through a pooler in transaction mode
  check-config [--database] [--no-network]
                             checks the configuration; with --database all that "doctor" checks
  doctor [--no-network] [--nodes N]
                             checks what the configuration leads to: the database, its rights and keys, mail, print
                             house, relying parties, this machine. Ends with 1 for a fault, with 2 for warnings only
  status                     what an operator has to know now: what waits, since when, and what was given up
  keys make FILE             makes new key rings for NOEGLE_KEYS_FILE; never overwrites
  keys complete FILE         adds the rings that a new version needs; those that are there stay
  keys add RING FILE         adds a new key to a ring; every node gets the file before the key is used
  keys use RING KID FILE     makes a key of the ring current, once every node has it
  keys rings                 the key rings: how many rows need which key, and which key may be taken out
  keys reseal                renews what is sealed or bound under older keys of "seal" and "tokens", while people sign in; start it
                             again if it was stopped
  keys retire KID FILE       a key of "seal" that no row needs opens none any more; passwords and the log still need it
  keys remove RING KID FILE  takes a key out for good that nothing needs
  keys list                  the signing keys: which sign, which come next, which are retired
  keys rotate [--now]        the next keys sign, once everybody may know them; with --now at once, when a key leaked
  keys withdraw KID          deletes a retired signing key: what it signed is not believed any more
  print-keys make FOLDER     makes keys and token of a print house that you run or rehearse with; never overwrites
  letters                    how many letters wait, were sent, or were set aside, and why
  letters retry ID | all     sends a letter again that was set aside, or all of them, notices too
  letters write FOLDER       in a rehearsal: writes the letters that wait, as nothing is posted
  logouts list               log-outs that relying parties do not know of yet, and those that were given up
  logouts retry ID | all     sends a log-out again that was given up, or all of them
  notice set --da TEXT --en TEXT [--until TIME]
                             a line on every page, in plain text, at most 200 characters; until it is cleared, or
                             2026-12-01T06:00+01:00
  notice show | clear
  staff list                 who has a role at the desk, for whom, and since when
  person block ID --reason TEXT
                             blocks the ID with this ID number at once: its sessions end, and the person is notified
  proofing count             how many IDs were ordered online and have the proofing Substantial, as a version before gave it
  proofing lower [--per-second N]
                             gives them Low, N a second (20): their sessions end, and each person is told; start it again
                             if it was stopped
  audit verify [--sink FOLDER|URL] [--checkpoint FILE]
                             compares every event with the tree, the signed checkpoint and the sink (NOEGLE_AUDIT_SINK),
                             and says which was altered; ends with 1 if one was. FILE: a checkpoint that a witness stored
  audit export [--from N] [--to N] [--proofs]
                             the events of these leaves as lines of JSON, then the signed checkpoint: personal data
  audit erase ID [--confirm] takes the person with this ID number, who has closed it, out of the log for good: one person
                             proposes it, another one confirms it
  after-restore --lost-at TIME [--from SINK]
                             makes a database that was restored fit to serve: it gets back what the audit sink holds, and
                             nothing in it stays alive that had ended; TIME: when the database was lost
  after-restore --without-sink
                             the same without a sink: no card is believed, and every person gets a new one
  drill restore --lost-at TIME --report FILE [--from SINK]
                             does all of it in a copy, checks it, and signs a report; the sink stays as it is
  bind-rows [--check]        gives every row its MAC while "binding" is "write"; lists the rows that are not as they were written
  bind-rows --accept ID      an identity that you have looked at is believed as it stands
  failures [--hours N]       wrong answers of the last 24 (or so many) hours, over all names: a few everywhere
  connections list           what is connected to the database, the longest transaction first
  connections end PID        ends one of these connections, such as one that holds the lock of a migration
  replace-cards --batch B | --day YYYY-MM-DD | --kid K [--per-second N]
                             orders new cards for all that were printed in a batch, left on a day, or were made
                             with a card key; N people a second (20); start it again if it was stopped
  bootstrap FILE             issues IDs to the first two operators, once: a JSON list of two, with the fields of the
                             desk's form (docs/how-to/running.md)
  bootstrap FILE --rehearse DATABASE --letters FOLDER
                             the same in a database of this name, which is a rehearsal for good: no post, no waiting
  issue FILE                 in the sandbox: issues an ID on one such form
  relying-party add FILE     a relying party, from a JSON file (docs/how-to/relying-parties.md); its secret is shown once
  relying-party list | show ID | update ID FILE | rotate-secret ID | remove ID
  relying-party approve ID --version N [--logo FILE]
                             what it registered, or wants to change, as "show" prints it at that version
  initial-access-token create --kind bank|public [--profile web|browser|native] [--scope "openid ..."] [--trusted]
                             [--acr URI] [--proofing URI] [--sector URI] [--hours N]
                             opens one registration, within these limits, for a week or so many hours
  register import FILE [--left-out-at-most N]
                             loads the population register from a CSV file; start it again if it was stopped; ends with 1
                             if more than N rows (0) were left out
  tokens import FILE         takes code tokens into stock from a CSV file, all of them or none; names every fault by its line
  tokens list                how many code tokens are in stock, ordered, sent, in use, and ended
  help [COMMAND]             this text, or what it has on one command`;

const FOOT = `Who gave a command stands in the audit log: the account of the system, and the NAME (or NOEGLE_OPERATOR) of the
person where several share one. Without DATABASE_URL most commands work on the sandbox that is running.`;

export const USAGE = `${HEAD}\n${ENTRIES}\n\n${FOOT}`;

/** The entries of the commands that begin with these words. @returns null when there is none */
export function findHelp(words: readonly string[]): string | null {
  const wanted = words.join(' ');
  const found = listEntries().filter((entry) => entry.startsWith(`  ${wanted}`));
  const ofGroup = listEntries().filter((entry) => entry.trim().split(/\s/)[0] === words[0]);
  const entries = found.length > 0 ? found : ofGroup;
  return entries.length === 0 ? null : `${HEAD}\n\n${entries.join('\n')}`;
}

function listEntries(): string[] {
  return ENTRIES.split(/\n(?= {2}[a-z])/).filter((entry) => entry.trim() !== '');
}

/** What to write for words that are no command: the nearest one, or how to list all. */
export function explainUnknownCommand(words: readonly string[]): string {
  const typed = words.slice(0, 2).join(' ');
  const help = findHelp(words.slice(0, 1));
  if (help !== null) return words.length > 1 ? `there is no command "${typed}"\n${help}` : help;
  const nearest = findNearestCommand(words);
  const hint = nearest === null ? '' : `; did you mean "${nearest}"?`;
  return `there is no command "${typed}"${hint}\nnode dist/cli.js help lists all commands`;
}

const MAX_DISTANCE = 3;

function findNearestCommand(words: readonly string[]): string | null {
  const [first = ''] = words;
  const ranked = [...Object.keys(COMMANDS), 'help'].map((name) => {
    const typed = name.includes(' ') && words.length > 1 ? words.slice(0, 2).join(' ') : first;
    const ofGroup = measureDistance(first, name.split(' ')[0] ?? '');
    return { name, distance: Math.min(measureDistance(typed, name), ofGroup + 1) };
  });
  const [nearest] = ranked.toSorted((a, b) => a.distance - b.distance);
  return nearest && nearest.distance <= MAX_DISTANCE ? nearest.name : null;
}
