-- Stretches in which more plays began than can have sounded: wherever more than so many began within so many seconds.
-- What is in one such stretch with another, by sharing a play, is one. Those with most plays first, of equal ones the
-- earlier. Plays of one second: 1 within 1 second; a busy hour: 60 within 3600.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :seconds            how long
-- :most               more plays than this
-- :limit              how many
WITH listens AS (
  SELECT played_at, row_number() OVER (ORDER BY played_at, id) AS n
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
crowded AS (
  -- The first play of each group that is too large, with the place of the first of the group before it.
  SELECT first.n, lag(first.n) OVER (ORDER BY first.n) AS before
    FROM listens AS first
    JOIN listens AS last ON last.n = first.n + CAST(:most AS INTEGER)
   WHERE last.played_at - first.played_at < CAST(:seconds AS INTEGER)
),
numbered AS (
  SELECT n, sum(CASE WHEN before IS NULL OR n - before > CAST(:most AS INTEGER) THEN 1 ELSE 0 END) OVER (ORDER BY n) AS stretch
    FROM crowded
),
stretches AS (
  SELECT min(n) AS first, max(n) + CAST(:most AS INTEGER) AS last FROM numbered GROUP BY stretch
)
SELECT first.played_at AS from_at, last.played_at AS to_at, last - first + 1 AS plays
  FROM stretches
  JOIN listens AS first ON first.n = stretches.first
  JOIN listens AS last ON last.n = stretches.last
 ORDER BY plays DESC, stretches.first
 LIMIT :limit;
