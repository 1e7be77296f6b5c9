import { createRequire } from 'node:module'
import type * as Orm from 'drizzle-orm'
import type * as Driver from 'drizzle-orm/better-sqlite3'
import type * as Core from 'drizzle-orm/sqlite-core'

// As ES modules drizzle takes 310 ms to load, as CommonJS 60: a hub that was killed must be back before
// anybody notices. Both are the same code; only here is one chosen.
const require = createRequire(import.meta.url)
const orm = require('drizzle-orm') as typeof Orm
const core = require('drizzle-orm/sqlite-core') as typeof Core
const driver = require('drizzle-orm/better-sqlite3') as typeof Driver

export const { and, asc, count, desc, eq, gt, isNotNull, isNull, lte, sql } = orm
export const { index, integer, primaryKey, sqliteTable, text, uniqueIndex } = core
export const { drizzle } = driver
