/**
 * Nøgle's styles on top of `dkfds`. No inline styles. The frame and the parts of every page are in
 * styles/frame.ts and styles/parts.ts, and each family of pages has a file; so have dark screens and paper.
 * Every colour and size comes from the variables in styles/frame.ts, so that they can be changed there.
 */
import { DESK_STYLES } from './styles/desk.ts';
import { FRAME_STYLES } from './styles/frame.ts';
import { INFO_STYLES } from './styles/info.ts';
import { ORDER_STYLES } from './styles/order.ts';
import { PART_STYLES } from './styles/parts.ts';
import { SELF_SERVICE_STYLES } from './styles/selfService.ts';
import { SIGN_IN_STYLES } from './styles/signIn.ts';
import { START_STYLES } from './styles/start.ts';

/** The weights that pages use, in the Latin subset; `dkfds` would load eight whole families. */
export const FONT_WEIGHTS = [
  { weight: 400, file: 'IBMPlexSans-Regular-Latin1.woff2' },
  { weight: 600, file: 'IBMPlexSans-SemiBold-Latin1.woff2' },
] as const;

export const OWN_STYLES = [
  FRAME_STYLES,
  PART_STYLES,
  START_STYLES,
  SIGN_IN_STYLES,
  ORDER_STYLES,
  SELF_SERVICE_STYLES,
  DESK_STYLES,
  INFO_STYLES,
].join('');
