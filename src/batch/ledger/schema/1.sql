-- A list of inputs, as a run was given it.
CREATE TABLE lists (
    id INTEGER PRIMARY KEY,
    digest TEXT NOT NULL UNIQUE     -- of the paths in order
);
-- A path and what stood there. The same content may have several paths.
CREATE TABLE inputs (
    path TEXT PRIMARY KEY,          -- as in records; a member of a ZIP file as FILE.zip!/MEMBER
    list INTEGER NOT NULL REFERENCES lists (id),
    number INTEGER NOT NULL,        -- its place in the list, from 1
    sha256 TEXT,                    -- of the content; null until it has been read
    problem TEXT                    -- why it could not be read, as JSON
);
CREATE INDEX inputs_by_content ON inputs (sha256);
CREATE INDEX inputs_by_place ON inputs (list, number);
-- A content, with what came of it.
CREATE TABLE documents (
    id INTEGER PRIMARY KEY,
    sha256 TEXT NOT NULL UNIQUE,
    bytes INTEGER NOT NULL,
    kind TEXT,                      -- pdf, text
    pages INTEGER,
    status TEXT NOT NULL,           -- ok, partial, failed
    forms INTEGER NOT NULL,
    findings INTEGER NOT NULL,      -- inconsistent checks
    program TEXT NOT NULL,          -- the edition that it was read with
    patterns TEXT NOT NULL,
    options TEXT NOT NULL,
    finished TEXT NOT NULL,         -- UTC, ISO 8601
    seconds REAL NOT NULL,
    attempts INTEGER NOT NULL,
    record TEXT NOT NULL            -- the whole record as JSON, its path left empty
);
CREATE TABLE problems (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    page INTEGER,
    line INTEGER,
    form INTEGER,
    message TEXT NOT NULL,
    PRIMARY KEY (document, number)
) WITHOUT ROWID;
-- Forms and rows are counted from 1, as in reports. Figures are for reckoning; every digit is in the record.
CREATE TABLE forms (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    pattern TEXT NOT NULL,
    confidence REAL NOT NULL,
    unit TEXT,
    project TEXT,
    year INTEGER,
    self_score NUMERIC,
    total_score NUMERIC,
    PRIMARY KEY (document, form)
) WITHOUT ROWID;
CREATE TABLE fields (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    field TEXT NOT NULL,
    raw TEXT NOT NULL,              -- as written
    value TEXT,                     -- as read
    number NUMERIC,                 -- the same, when it is a figure
    confidence REAL NOT NULL,
    PRIMARY KEY (document, form, field)
) WITHOUT ROWID;
CREATE TABLE budget (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    row INTEGER NOT NULL,
    source TEXT,
    initial NUMERIC,
    budgeted NUMERIC,
    executed NUMERIC,
    weight NUMERIC,
    rate NUMERIC,                   -- in percent, where that is settled
    score NUMERIC,
    note TEXT,
    PRIMARY KEY (document, form, row)
) WITHOUT ROWID;
CREATE TABLE goals (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    row INTEGER NOT NULL,
    planned TEXT,
    actual TEXT,
    score NUMERIC,
    PRIMARY KEY (document, form, row)
) WITHOUT ROWID;
CREATE TABLE indicators (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    row INTEGER NOT NULL,
    level1 TEXT,
    level2 TEXT,
    name TEXT,
    target TEXT,                    -- as written
    target_value NUMERIC,
    actual TEXT,
    actual_value NUMERIC,
    weight NUMERIC,
    score NUMERIC,
    note TEXT,
    PRIMARY KEY (document, form, row)
) WITHOUT ROWID;
CREATE TABLE checks (
    document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    form INTEGER NOT NULL,
    number INTEGER NOT NULL,
    id TEXT NOT NULL,               -- budget.score; `retally checks` lists them
    verdict TEXT NOT NULL,          -- consistent, inconsistent, unverifiable
    severity TEXT NOT NULL,         -- error, warning, info
    field TEXT,                     -- path of the checked value in the record
    stated NUMERIC,
    computed NUMERIC,
    low NUMERIC,
    high NUMERIC,
    formula TEXT NOT NULL,
    rule TEXT,
    fingerprint TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (document, form, number)
) WITHOUT ROWID;
CREATE INDEX checks_by_id ON checks (id, verdict);
-- Each run that has written here.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    list INTEGER NOT NULL REFERENCES lists (id),
    program TEXT NOT NULL,
    started TEXT NOT NULL,
    ended TEXT                      -- null while it works, and when it was killed
);
-- Files that were written from here, so that they may be written anew.
CREATE TABLE outputs (
    path TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    PRIMARY KEY (path, sha256)
) WITHOUT ROWID;
