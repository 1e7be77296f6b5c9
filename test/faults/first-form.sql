-- A database of the first form, as one of the first hubs left it: written out from that hub's own file. Times are
-- milliseconds since 1970; the test moves them all to an hour before it runs, so that nothing has expired.
PRAGMA application_id = 1650814060;
PRAGMA user_version = 1;
CREATE TABLE ledger (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  commits INTEGER NOT NULL
) STRICT;
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
INSERT INTO ledger VALUES (1, 30);
INSERT INTO epochs VALUES (1, '5wleu5uk', 1);
INSERT INTO addresses VALUES (1, 'mailbox', NULL, NULL, 1, 0, 2);
INSERT INTO addresses VALUES (2, 'topic', '#all', '#all', NULL, 3, 2);
INSERT INTO addresses VALUES (3, 'mailbox', NULL, NULL, 2, 0, 1);
INSERT INTO addresses VALUES (4, 'mailbox', NULL, NULL, 3, 0, 2);
INSERT INTO addresses VALUES (5, 'mailbox', NULL, NULL, 4, 0, 0);
INSERT INTO addresses VALUES (6, 'topic', '#builds', '#builds', NULL, 2, 1);
INSERT INTO addresses VALUES (7, 'mailbox', NULL, NULL, NULL, 0, 1);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES ('addresses', 7);
INSERT INTO sqlite_sequence VALUES ('agents', 4);
INSERT INTO sqlite_sequence VALUES ('messages', 11);
INSERT INTO agents VALUES (1, 'rose', 'rose', 's3b2X4NWrmFrGVrmilIkn5pzfiOScMQD1FXcq6CKYsA', 1, 1795824228123, 1795824229749, NULL, 1, 0, NULL);
INSERT INTO agents VALUES (2, 'claude', 'claude', 'qUBSeJHBXRWn7a4uaBOg42z4PUJSaeVW0g-yP5ZPdN8', 3, 1795824228289, 1795824229750, NULL, 1, 0, NULL);
INSERT INTO agents VALUES (3, 'cody', 'cody', 'nzQ1QyOXNS3ZZpi1LRtrDnFp5HzXAiZD9eh4nwOkWlM', 4, 1795824228381, 1795824229750, 1795824228457, 1, 0, NULL);
INSERT INTO agents VALUES (4, 'gone', 'gone', 'uduVrKA5HAQbLnPtZxAByZuqepKJ7FjJJq8N7vsEkk0', 5, 1795824228401, 1795824228496, NULL, 1, 0, 1795824228488);
INSERT INTO names VALUES ('claude', 'claude', 2, NULL, NULL);
INSERT INTO names VALUES ('codex', 'codex', 3, 1795831428457, NULL);
INSERT INTO names VALUES ('cody', 'cody', 3, NULL, NULL);
INSERT INTO names VALUES ('gemini', 'gemini', NULL, NULL, 7);
INSERT INTO names VALUES ('rose', 'rose', 1, NULL, NULL);
INSERT INTO memberships VALUES (1, 1, 0, NULL, 0, NULL, 1);
INSERT INTO memberships VALUES (1, 2, 0, NULL, 0, NULL, 0);
INSERT INTO memberships VALUES (1, 6, 3, NULL, 0, NULL, 3);
INSERT INTO memberships VALUES (2, 2, 0, NULL, 1, NULL, 5);
INSERT INTO memberships VALUES (2, 3, 0, NULL, 0, NULL, 0);
INSERT INTO memberships VALUES (3, 2, 0, NULL, 1, NULL, 5);
INSERT INTO memberships VALUES (3, 4, 0, NULL, 0, NULL, 0);
INSERT INTO memberships VALUES (3, 6, 3, NULL, 0, NULL, 3);
INSERT INTO memberships VALUES (4, 2, 0, 10, 0, 2, 0);
INSERT INTO memberships VALUES (4, 5, 0, NULL, 0, NULL, 10);
INSERT INTO blobs VALUES ('wXRiSZOgUDW6eDCVYT4T5', 13000, '9125bf38380baa6df2a12dc866d378021b73a0d2c2af8e03ae704342d14c0d45', 'text/markdown; charset=utf-8', NULL, 2, 1795824228505);
INSERT INTO messages VALUES (1, 1, 2, 'claude', 'rose', 'first-1', 'message', 'Is the build green?', '{"commit":"abc123"}', NULL, 'build', 'urgent', NULL, 1795824228422, 1798416228422, 0, 0);
INSERT INTO messages VALUES (2, 3, 1, 'rose', 'claude', 'first-2', 'message', 'It is.', NULL, '5wleu5uk-1', 'build', 'normal', NULL, 1795824228430, 1798416228430, 0, 0);
INSERT INTO messages VALUES (3, 1, 2, 'claude', 'rose', 'first-3', 'message', 'Please look at the log when you can.', NULL, NULL, NULL, 'low', NULL, 1795824228439, 1798416228439, 0, 0);
INSERT INTO messages VALUES (4, 6, 2, 'claude', '#builds', 'first-4', 'message', 'Build 7 has begun.', NULL, NULL, NULL, 'normal', NULL, 1795824228452, 1798416228452, 2, 0);
INSERT INTO messages VALUES (5, 2, 3, 'codex', '#all', 'first-5', 'message', 'I am Codex, good morning.', NULL, NULL, NULL, 'normal', NULL, 1795824228454, 1798416228454, 3, 0);
INSERT INTO messages VALUES (6, 2, 0, 'bellhop', '#all', 'renamed-3-1795824228457', 'notice', 'codex is now called cody. Mail to codex is forwarded until 2026-11-28T02:03:48.457Z.', '{"event":"renamed","previous":"codex","name":"cody","forwardsUntil":"2026-11-28T02:03:48.457Z"}', NULL, NULL, 'low', NULL, 1795824228457, 1796429028457, 4, 0);
INSERT INTO messages VALUES (7, 4, 1, 'rose', 'codex', 'first-6', 'message', 'This goes to your former name.', NULL, NULL, NULL, 'normal', NULL, 1795824228461, 1798416228461, 0, 0);
INSERT INTO messages VALUES (8, 7, 1, 'rose', 'gemini', 'first-7', 'message', 'For whoever takes this name.', NULL, NULL, NULL, 'normal', NULL, 1795824228462, 1796429028462, 0, 0);
INSERT INTO messages VALUES (9, 1, 4, 'gone', 'rose', 'first-8', 'message', 'I leave.', NULL, NULL, NULL, 'normal', NULL, 1795824228464, 1798416228464, 0, 0);
INSERT INTO messages VALUES (10, 5, 2, 'claude', 'gone', 'first-9', 'message', 'This one bounces.', NULL, NULL, NULL, 'normal', NULL, 1795824228466, 1798416228466, 0, 0);
INSERT INTO messages VALUES (11, 4, 2, 'claude', 'cody', 'first-10', 'message', 'A large one. A large one. …', NULL, NULL, NULL, 'normal', 'wXRiSZOgUDW6eDCVYT4T5', 1795824228508, 1798416228508, 0, 0);
INSERT INTO receipts VALUES (1, 0, 3, NULL, NULL, 1795824228427, 'wait', 1795824228430, NULL, NULL);
INSERT INTO receipts VALUES (3, 0, 1, 1795824228441, 'channel', NULL, NULL, NULL, NULL, NULL);
INSERT INTO receipts VALUES (5, 2, 2, NULL, NULL, 1795824228455, 'fetch', NULL, NULL, NULL);
INSERT INTO receipts VALUES (10, 0, 5, NULL, NULL, NULL, NULL, NULL, 1795824228488, 0);
INSERT INTO sessions VALUES ('SM0n059AgAJURojKukG4Nx_F2HM2v_yGGKgGDFJFN5U', 1, 1795824228123, 1795910628123);
INSERT INTO sessions VALUES ('WXgIdPXopddOaWMRf3jBCcAtKbOOpwMb6YbmubsHmYg', 3, 1795824228381, 1795910628381);
INSERT INTO sessions VALUES ('u_-tkVa0eYBeqL25az550iTZFRB0RhnwTdi061foPK4', 2, 1795824228289, 1795910628289);
