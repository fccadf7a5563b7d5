-- What rose and fell between two days, weeks, months or years: plays and ranks in both.
--
-- :kind  artists, albums or tracks; :listener  whose; :from_day and :to_day  the first day and the day after the last,
-- like 2024-01-01 and 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a
-- moment is a wrong clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0;
-- :unit  day, week, month or year; :before and :now_unit  the two of them, like 2024-01 and 2024-02.
WITH listens AS (
  SELECT p.id, p.played_at, p.local_day, p.local_week, p.local_month, p.local_year,
         CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         -- A split name's plays count for each artist whom it credits.
         CASE WHEN :kind = 'artists' THEN coalesce(credited.name, p.artist) ELSE p.artist END AS artist,
         CASE :kind WHEN 'albums' THEN p.album WHEN 'tracks' THEN p.track ELSE '' END AS title,
         CASE :kind WHEN 'artists' THEN coalesce(credited.placeholder, p.artist_placeholder)
                    WHEN 'albums' THEN p.album_placeholder + p.artist_placeholder
                    ELSE p.track_placeholder + p.artist_placeholder END AS placeholder
    FROM plays_view p
    LEFT JOIN artist_credits c ON c.artist_id = p.artist_id AND :kind = 'artists'
    LEFT JOIN artists credited ON credited.id = c.credited_id
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
heard AS (
  SELECT * FROM listens
   WHERE (ms IS NULL OR ms >= CAST(:min_ms AS INTEGER))
     AND title IS NOT NULL AND (placeholder = 0 OR :placeholders = 1)
),
counted AS (
  SELECT CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
              ELSE CAST(local_year AS TEXT) END AS unit, artist, title, count(*) AS plays
    FROM heard GROUP BY 1, artist, title
),
ranked AS (
  SELECT unit, artist, title, plays,
         row_number() OVER (PARTITION BY unit ORDER BY plays DESC, artist, title) AS rank
    FROM counted WHERE unit IN (:before, :now_unit)
)
SELECT artist, title, sum(CASE WHEN unit = :before THEN plays ELSE 0 END) AS plays_before,
       sum(CASE WHEN unit = :now_unit THEN plays ELSE 0 END) AS plays,
       max(CASE WHEN unit = :before THEN rank END) AS rank_before, max(CASE WHEN unit = :now_unit THEN rank END) AS rank
  FROM ranked
 GROUP BY artist, title
 ORDER BY sum(CASE WHEN unit = :now_unit THEN plays ELSE -plays END) DESC, artist, title;
