-- Plays of two listeners that may be the same listens: the other one has a play of the same artist and track, too, begun
-- no more than 60 seconds before or after it. Spellings that differ in case are one name. (heard itself knows the case of
-- all scripts, and white space that does not matter.) Plays without a moment, and without a name, are not counted.
--
-- :listener and :other  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and
-- 2025-01-01; :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong
-- clock's; :placeholders  1 gives places to names like "Unknown Artist", usually 0.
WITH heard AS (
  SELECT id, listener, lower(artist) AS artist, lower(track) AS track, played_at
    FROM plays_view
   WHERE (listener = :listener OR listener = :other) AND local_day >= :from_day AND local_day < :to_day
     AND played_at >= 1009843200 AND played_at < :now + 86400
     AND (ms_played IS NULL OR ms_played < 0 OR ms_played >= CAST(:min_ms AS INTEGER))
     AND (artist_placeholder + track_placeholder = 0 OR :placeholders = 1)
),
same AS (
  SELECT mine.id AS id, theirs.id AS other_id
    FROM heard mine
    JOIN heard theirs ON theirs.artist = mine.artist AND theirs.track = mine.track
                     AND theirs.played_at BETWEEN mine.played_at - 60 AND mine.played_at + 60
   WHERE mine.listener = :listener AND theirs.listener = :other
)
SELECT (SELECT count(*) FROM heard WHERE listener = :listener) AS plays,
       (SELECT count(DISTINCT id) FROM same) AS same,
       (SELECT count(*) FROM heard WHERE listener = :other) AS other_plays,
       (SELECT count(DISTINCT other_id) FROM same) AS other_same;
