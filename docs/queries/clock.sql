-- Plays and time played by weekday and hour of the listener's wall clock: the grid of a punchcard. Summed over the
-- weekdays it is the clock of 24 hours. Cells without plays have no row.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
WITH listens AS (
  SELECT local_weekday, local_hour, CASE WHEN ms_played >= 0 THEN ms_played ELSE 0 END AS ms
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
)
SELECT local_weekday AS weekday, local_hour AS hour, count(*) AS plays, sum(ms) AS ms_played
  FROM listens
 GROUP BY local_weekday, local_hour
 ORDER BY local_weekday, local_hour;
