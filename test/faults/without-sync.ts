import Database from 'better-sqlite3'

// Loaded into a hub before its own code: the fault that looking for fsync must find. The database does not wait for
// the disk, and says that it does.
const pragma = Database.prototype.pragma
Database.prototype.pragma = function (source, options) {
  if (source === 'synchronous') return 2
  return pragma.call(this, source === 'synchronous = FULL' ? 'synchronous = NORMAL' : source, options)
}
