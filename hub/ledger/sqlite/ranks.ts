/**
 * How far a receipt has come [D-6]. From `shown` on it is settled: in SQL a message is unread while
 * `rank IS NULL OR rank < 2`.
 */
export const ranks = { offered: 1, shown: 2, answered: 3, expired: 4, bounced: 5 } as const
