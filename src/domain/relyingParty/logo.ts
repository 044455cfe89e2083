/**
 * A relying party's logo: a small raster image of the declared type. SVG is not accepted: it can contain
 * scripts and links.
 */

const MAX_LOGO_LENGTH = 8_000;
const IMAGE_KINDS: readonly (readonly [type: string, begins: readonly number[]])[] = [
  ['png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['jpeg', [0xff, 0xd8, 0xff]],
  ['webp', [0x52, 0x49, 0x46, 0x46]],
];

/**
 * Encodes a logo as a data URL of at most 8,000 characters, about 6 kB; null if it is no PNG, JPEG or WebP,
 * or too large.
 */
export function readLogo(picture: Uint8Array): string | null {
  const kind = IMAGE_KINDS.find(([, begins]) => begins.every((byte, i) => picture[i] === byte));
  if (!kind) return null;
  const address = `data:image/${kind[0]};base64,${Buffer.from(picture).toString('base64')}`;
  return address.length <= MAX_LOGO_LENGTH ? address : null;
}

/** Whether a data URL is such a logo. */
export function isLogo(address: string): boolean {
  const [, type, content] = /^data:image\/(png|jpeg|webp);base64,([A-Za-z0-9+/]+=*)$/.exec(address) ?? [];
  if (!type || !content) return false;
  return readLogo(Buffer.from(content, 'base64')) === address;
}
