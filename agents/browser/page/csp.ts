import { config } from 'zod'

// Zod writes code for its checks where it may. The page's policy forbids that; without this line it would try,
// fall back, and leave a violation on record. It stands before every schema, so it is imported first.
config({ jitless: true })
