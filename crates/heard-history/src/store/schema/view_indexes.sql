CREATE INDEX IF NOT EXISTS plays_by_time ON plays (account_id, played_at, gone_seq);
