/** Characters of mail at once: as much as a result of our own tools carries. */
export const budget = 30_000
