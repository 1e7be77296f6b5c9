/** Results of SQLite that blame the disk, and not the statement. Extended codes begin with these. */
const storageCodes = [
  'SQLITE_FULL',
  'SQLITE_IOERR',
  'SQLITE_READONLY',
  'SQLITE_CORRUPT',
  'SQLITE_NOTADB',
  'SQLITE_CANTOPEN',
  'SQLITE_NOMEM',
  'SQLITE_BUSY',
  'SQLITE_LOCKED',
  'SQLITE_PERM',
]

export function sqliteCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

export function isStorageFailure(error: unknown): error is Error {
  const code = sqliteCode(error)
  return code !== undefined && storageCodes.some((known) => code.startsWith(known))
}
