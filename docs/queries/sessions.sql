-- Sittings: plays with less than a certain silence between the end of one and the beginning of the next. A play of
-- unknown length ends where it begins. A sitting's artist is the one with most plays in it; of equal ones the first by
-- name in code-point order.
--
-- :listener           whose
-- :from_day, :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01
-- :min_ms             shorter plays do not count; usually 30000
-- :now                Unix seconds; moments more than a day later are a wrong clock's
-- :gap_ms             the silence in milliseconds that ends a sitting; usually 1200000
-- :by                 'length' or 'plays': which come first
-- :limit              how many
-- :placeholders       1 where names like "Unknown Artist" count, else 0
WITH listens AS (
  SELECT id, played_at, artist, artist_placeholder, CASE WHEN ms_played >= 0 THEN ms_played ELSE 0 END AS ms
    FROM plays_view
   WHERE listener = :listener AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
),
marked AS (
  SELECT id, played_at, ms, artist, artist_placeholder,
         CASE WHEN played_at * 1000 - lag(played_at * 1000 + ms) OVER (ORDER BY played_at, id) < CAST(:gap_ms AS INTEGER)
              THEN 0 ELSE 1 END AS begins
    FROM listens
),
joined AS (
  SELECT id, played_at, ms, artist, artist_placeholder, sum(begins) OVER (ORDER BY played_at, id) AS session
    FROM marked
),
placed AS (
  SELECT session, played_at, ms,
         row_number() OVER (PARTITION BY session ORDER BY played_at DESC, id DESC) AS from_end
    FROM joined
),
sessions AS (
  SELECT session, min(played_at) AS started_at, count(*) AS plays, sum(ms) AS ms_played,
         max(CASE WHEN from_end = 1 THEN played_at * 1000 + ms END) - min(played_at) * 1000 AS length_ms
    FROM placed
   GROUP BY session
),
credits AS (
  SELECT DISTINCT split.name AS split_name, shown.name AS artist, shown.placeholder
    FROM artist_credits
    JOIN artists AS reported ON reported.id = artist_id
    JOIN artists AS split    ON split.id = coalesce(reported.shown_as, reported.id)
    JOIN artists AS one      ON one.id = credited_id
    JOIN artists AS shown    ON shown.id = coalesce(one.shown_as, one.id)
    JOIN listeners           ON listeners.id = reported.listener_id
   WHERE listeners.name = :listener
),
credited AS (
  SELECT session, coalesce(credits.artist, joined.artist) AS artist
    FROM joined LEFT JOIN credits ON split_name = joined.artist
   WHERE CAST(:placeholders AS INTEGER) = 1 OR coalesce(credits.placeholder, artist_placeholder) = 0
),
most AS (
  SELECT session, artist, row_number() OVER (PARTITION BY session ORDER BY count(*) DESC, artist) AS place
    FROM credited
   GROUP BY session, artist
)
SELECT started_at, length_ms, plays, ms_played, artist
  FROM sessions LEFT JOIN most ON most.session = sessions.session AND place = 1
 ORDER BY CASE WHEN :by = 'plays' THEN plays ELSE length_ms END DESC,
          CASE WHEN :by = 'plays' THEN length_ms ELSE plays END DESC, sessions.session
 LIMIT :limit;
