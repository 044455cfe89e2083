/**
 * A failure prints the lines that matter. Where a long text, as a log or a page, is not as it should be, jest
 * prints all of it; here it is the lines that share words with what was expected, the errors in it, and its
 * end.
 */
import { expect } from '@jest/globals';
import { matchers } from './excerpt.ts';

expect.extend(matchers);
