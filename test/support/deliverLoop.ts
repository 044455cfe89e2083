/**
 * A process that hands letters to the folder print house until it is done or killed. Arguments: folder, the
 * day, the number of the first letter, how many letters, how many concurrent hand-overs of each. Starts at a
 * line on its input, and reports when it has done the first.
 */
import { once } from 'node:events';
import { createFolderPrintHouse } from '../../src/platform/outbound/folderPrintHouse.ts';
import { aLetter, aPdf } from './letterSamples.ts';

const [folder = '', postOn = '', ...numbers] = process.argv.slice(2);
const [first = 0, count = 0, atOnce = 1] = numbers.map(Number);
const house = createFolderPrintHouse(folder);
const pdf = aPdf();

process.stdout.write('ready\n');
await once(process.stdin, 'data');
for (let number = first; number < first + count; number += 1) {
  const letter = aLetter({ id: `letter-${number}`, postOn });
  await Promise.all(Array.from({ length: atOnce }, () => house.deliver(letter, pdf)));
  if (number === first) process.stdout.write('first\n');
}
process.exit(0);
