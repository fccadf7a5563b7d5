-- For each hour of the day in which anything was heard: plays and their squares summed over the days, the most plays in
-- it on one day, and the first such day. With the number of days with plays, n, the hour lies
-- (n * most - plays) / sqrt(n * squares - plays * plays) standard deviations above its average; the largest of these is
-- the most unlikely hour.
--
-- :listener  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01;
-- :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's.
WITH listens AS (
  SELECT p.*, CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms
    FROM plays_view p
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
counting AS (SELECT * FROM listens WHERE ms IS NULL OR ms >= CAST(:min_ms AS INTEGER)),
hours AS (SELECT local_hour, local_day, count(*) AS plays FROM counting GROUP BY local_hour, local_day),
ranked AS (
  SELECT local_hour, local_day, plays,
         row_number() OVER (PARTITION BY local_hour ORDER BY plays DESC, local_day) AS nth
    FROM hours
)
SELECT local_hour AS hour, max(CASE WHEN nth = 1 THEN local_day END) AS day, max(plays) AS most, sum(plays) AS plays,
       sum(plays * plays) AS squares, (SELECT count(DISTINCT local_day) FROM counting) AS days
  FROM ranked
 GROUP BY local_hour
 ORDER BY local_hour;
