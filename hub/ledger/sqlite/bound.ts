/**
 * A parameter of a query that runs often. SQLite plans a join, or a LIMIT, anew whenever a bare `?` in it
 * is bound, which takes longer than the query; behind a `+` it is only a value.
 */
export const bound = '+?'
