-- Schema 1. Streams, and nothing else, get a short number of their own: it keeps the indexes small.

CREATE TABLE meta (
  name TEXT PRIMARY KEY,
  value BLOB NOT NULL
) WITHOUT ROWID;

-- Only the hash of a token is kept, so that a copy of the file founds nothing.
CREATE TABLE setup (
  hash BLOB PRIMARY KEY,
  made_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE stream (
  num INTEGER PRIMARY KEY,
  stream BLOB NOT NULL UNIQUE,
  agency BLOB NOT NULL,
  seq INTEGER NOT NULL,
  h BLOB NOT NULL,
  registers INTEGER NOT NULL
);

-- With rowids: rows are too long for a B-tree that holds them in its inner pages.
CREATE TABLE envelope (
  num INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  id BLOB NOT NULL UNIQUE,
  h BLOB NOT NULL,
  at INTEGER NOT NULL,
  control INTEGER NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (num, seq)
);
CREATE INDEX envelope_control ON envelope (num, seq) WHERE control = 1;

CREATE TABLE chain (
  num INTEGER NOT NULL,
  author BLOB NOT NULL,
  chain BLOB NOT NULL,
  n INTEGER NOT NULL,
  head BLOB NOT NULL,
  PRIMARY KEY (num, author, chain)
) WITHOUT ROWID;

CREATE TABLE register (
  num INTEGER NOT NULL,
  author BLOB NOT NULL,
  slot BLOB NOT NULL,
  counter INTEGER NOT NULL,
  number INTEGER NOT NULL,
  id BLOB NOT NULL,
  bytes BLOB NOT NULL,
  UNIQUE (num, author, slot)
);
CREATE INDEX register_number ON register (num, number);

CREATE TABLE grants (
  number INTEGER PRIMARY KEY,
  recipient BLOB NOT NULL,
  stream BLOB NOT NULL,
  epoch BLOB NOT NULL,
  sealed BLOB NOT NULL,
  UNIQUE (recipient, stream, epoch)
);
CREATE INDEX grants_recipient ON grants (recipient, number);

-- Who may read what: the fold of the streams' epochs, written in the transaction that appends them.
CREATE TABLE member (
  name BLOB NOT NULL,
  num INTEGER NOT NULL,
  PRIMARY KEY (name, num)
) WITHOUT ROWID;
