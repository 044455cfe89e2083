/**
 * The icon of assets/icon.svg at 32 px, a PNG within an ICO. Some browsers request `/favicon.ico` regardless
 * of what the page links to.
 */
const ICO = [
  'AAABAAEAICAAAAEAIAAuAQAAFgAAAIlQTkcNChoKAAAADUlIRFIAAAAgAAAAIAgDAAAARKSKxgAAADBQTFRFAAAAC0pvC0pvC0pv',
  'C0pvC0pvC0pvGlV4V4OchaS38PT2////pLvJ4OjtSHeTwtLbPkY2mQAAABB0Uk5TACCPz/9g7////////////9SRhkcAAACdSURB',
  'VHjatZPZEsIgDEXDUuASav//b41YO7UG4oOeBxiGQ9gSIiLnQ1QI3lFnSXFAWvp8nCCGSzMhOfJxiqcwFwJFgx8KuQAljwVUFipG',
  'QuOdpguQqRVYpYMm5LovlUA1K0KR9c+hxGg4uL0EHJHBZ/C1cN1iY94eDUaH7BFxEq7X/BS0h3oXzKe2P+ufCWMmrZn2ZuGYpWcX',
  'r1H+d4uAFDyTTbBBAAAAAElFTkSuQmCC',
].join('');

export const FAVICON = Buffer.from(ICO, 'base64');
