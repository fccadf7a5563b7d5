-- A history in numbers: plays, time played, different albums and tracks, days with plays, the first and the last of
-- them, and the Eddington number: the largest number of days with at least as many plays each.
--
-- :listener  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01;
-- :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's;
-- :placeholders  1 counts names like "Unknown Artist", usually 0.
WITH listens AS (
  SELECT p.*, CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms
    FROM plays_view p
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
counting AS (SELECT * FROM listens WHERE ms IS NULL OR ms >= CAST(:min_ms AS INTEGER)),
days AS (
  SELECT local_day, count(*) AS plays, row_number() OVER (ORDER BY count(*) DESC) AS nth
    FROM counting GROUP BY local_day
),
eddington AS (SELECT coalesce(max(nth), 0) AS number FROM days WHERE plays >= nth)
SELECT (SELECT count(*) FROM counting) AS plays,
       (SELECT coalesce(sum(ms), 0) FROM counting) AS ms_played,
       (SELECT count(DISTINCT album_id) FROM counting
         WHERE album_placeholder + artist_placeholder = 0 OR :placeholders = 1) AS albums,
       (SELECT count(DISTINCT track_id) FROM counting
         WHERE track_placeholder + artist_placeholder = 0 OR :placeholders = 1) AS tracks,
       (SELECT min(local_day) FROM days) AS first_day,
       (SELECT max(local_day) FROM days) AS last_day,
       (SELECT count(*) FROM days) AS days_heard,
       number AS eddington,
       number + 1 - (SELECT count(*) FROM days WHERE plays > number) AS days_to_next
  FROM eddington;
