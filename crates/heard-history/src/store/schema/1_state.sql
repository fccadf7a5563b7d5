-- state.db: what is neither archive nor view.

-- How long a service asked us to stay away.
CREATE TABLE pauses (
  host     TEXT    PRIMARY KEY,
  until_at INTEGER NOT NULL,                  -- Unix seconds
  strikes  INTEGER NOT NULL                   -- how many times in a row
) STRICT;
