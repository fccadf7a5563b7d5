-- Plays that began before the play before them can have ended: its beginning and the time played are known, and the next
-- began sooner. Such plays in a row are one stretch, which begins with the play before the first of them. Those with
-- most such plays first, of equal ones the earlier.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :grace_ms           so much sooner is no wonder: some sources tell minutes only; usually 60000
-- :limit              how many
WITH listens AS (
  SELECT played_at, row_number() OVER (ORDER BY played_at, id) AS n,
         lag(played_at) OVER (ORDER BY played_at, id) AS before_at,
         lag(ms_played) OVER (ORDER BY played_at, id) AS before_ms
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
early AS (
  SELECT n, before_at, played_at, (before_at - played_at) * 1000 + before_ms AS early_ms
    FROM listens
   WHERE before_ms >= 0 AND (before_at - played_at) * 1000 + before_ms > CAST(:grace_ms AS INTEGER)
),
numbered AS (
  -- Neighbours have the same difference.
  SELECT n, before_at, played_at, early_ms, n - row_number() OVER (ORDER BY n) AS stretch FROM early
)
SELECT min(before_at) AS from_at, max(played_at) AS to_at, count(*) AS plays, sum(early_ms) AS early_ms
  FROM numbered
 GROUP BY stretch
 ORDER BY plays DESC, min(n)
 LIMIT :limit;
