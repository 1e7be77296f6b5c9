/** One step of the database's form. A step that has been released is never changed. */
export interface Migration {
  /** The `user_version` that it leads to, one more than the step before. */
  readonly version: number
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  {
    version: 1,
    sql: `
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  commits INTEGER NOT NULL
) STRICT;
INSERT INTO ledger VALUES (1, 0);

CREATE TABLE epochs (
  ordinal INTEGER PRIMARY KEY,
  epoch TEXT NOT NULL UNIQUE,
  from_seq INTEGER NOT NULL
) STRICT;

CREATE TABLE addresses (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL CHECK (kind IN ('mailbox', 'topic')),
  topic TEXT,
  topic_key TEXT,
  owner INTEGER,
  members INTEGER NOT NULL DEFAULT 0 CHECK (members >= 0),
  count INTEGER NOT NULL DEFAULT 0 CHECK (count >= 0)
) STRICT;
CREATE UNIQUE INDEX addresses_topic ON addresses (topic_key);
CREATE INDEX addresses_owner ON addresses (owner) WHERE owner IS NOT NULL;

CREATE TABLE agents (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  key_hash TEXT NOT NULL,
  mailbox INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  renamed_at INTEGER,
  auto_check_enabled INTEGER NOT NULL,
  auto_check_minutes INTEGER NOT NULL,
  released_at INTEGER
) STRICT;
CREATE UNIQUE INDEX agents_name ON agents (name_key) WHERE released_at IS NULL;
CREATE INDEX agents_seen ON agents (last_seen_at) WHERE released_at IS NULL;

CREATE TABLE names (
  name_key TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  agent INTEGER,
  until INTEGER,
  mailbox INTEGER,
  CHECK ((agent IS NULL) <> (mailbox IS NULL)),
  CHECK (until IS NULL OR agent IS NOT NULL)
) STRICT, WITHOUT ROWID;
CREATE INDEX names_agent ON names (agent) WHERE agent IS NOT NULL;
CREATE INDEX names_until ON names (until) WHERE until IS NOT NULL;
CREATE INDEX names_mailbox ON names (mailbox) WHERE mailbox IS NOT NULL;

CREATE TABLE memberships (
  agent INTEGER NOT NULL,
  address INTEGER NOT NULL,
  since INTEGER NOT NULL,
  until INTEGER,
  done INTEGER NOT NULL,
  top INTEGER,
  cursor INTEGER NOT NULL,
  PRIMARY KEY (agent, address, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX memberships_address ON memberships (address, until, done);

CREATE TABLE blobs (
  handle TEXT PRIMARY KEY,
  size INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  media_type TEXT NOT NULL,
  file_name TEXT,
  owner INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX blobs_at ON blobs (at);

CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  address INTEGER NOT NULL,
  sender INTEGER NOT NULL,
  sender_name TEXT NOT NULL,
  to_name TEXT NOT NULL,
  client_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  content TEXT NOT NULL,
  data TEXT,
  reply_to TEXT,
  thread TEXT,
  priority TEXT NOT NULL,
  blob TEXT REFERENCES blobs (handle),
  sent_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  audience INTEGER NOT NULL,
  swept INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX messages_client ON messages (sender, client_id);
CREATE INDEX messages_address ON messages (address);
CREATE INDEX messages_sender ON messages (sender);
CREATE INDEX messages_due ON messages (expires_at) WHERE swept = 0;
CREATE INDEX messages_thread ON messages (thread) WHERE thread IS NOT NULL;
CREATE INDEX messages_blob ON messages (blob) WHERE blob IS NOT NULL;

CREATE TABLE receipts (
  seq INTEGER NOT NULL,
  reader INTEGER NOT NULL,
  rank INTEGER NOT NULL,
  offered_at INTEGER,
  offered_route TEXT,
  shown_at INTEGER,
  shown_route TEXT,
  answered_at INTEGER,
  ended_at INTEGER,
  told INTEGER,
  PRIMARY KEY (seq, reader)
) STRICT, WITHOUT ROWID;
CREATE INDEX receipts_untold ON receipts (seq, rank) WHERE told = 0;

CREATE TABLE sessions (
  hash TEXT PRIMARY KEY,
  agent INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX sessions_agent ON sessions (agent);
CREATE INDEX sessions_end ON sessions (expires_at);
`,
  },
  {
    version: 2,
    sql: `
CREATE TABLE brought (
  origin TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;
`,
  },
]
