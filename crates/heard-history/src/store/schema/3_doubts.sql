-- How often a row was set aside because the service failed over it while it took others. Such rows go last, and alone.
ALTER TABLE outbox ADD COLUMN doubts INTEGER NOT NULL DEFAULT 0;
