/** Ordering and activation. */
export const ORDER_STYLES = `
`;
