CREATE INDEX IF NOT EXISTS plays_by_time ON plays (account_id, played_at, gone_seq);
CREATE INDEX IF NOT EXISTS plays_by_same ON plays (same_as) WHERE same_as IS NOT NULL;
