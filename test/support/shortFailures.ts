/**
 * A failure prints the lines that matter. Where a long text, such as a log or a page, does not match, jest
 * prints all of it; this prints the lines that share words with the expected text, the errors in it, and its
 * end.
 */
import { expect } from '@jest/globals';
import { matchers } from './excerpt.ts';

expect.extend(matchers);
