-- Which genre was heard after which, and how often: of plays that begin within half an hour of each other. Of each play its
-- heaviest genre counts (to five decimals; of equally heavy ones the first by name); a play without genres is neither
-- followed nor follows. A row whose two genres are the same says how often one stayed with it.
--
-- :listener  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01;
-- :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's.
-- Names are compared as they are spelt here; heard, too, takes things for the same that differ only in case and blanks.
WITH told AS (
  -- Of each thing the answer that counts: tags with weights come first, and what names no genre does not count.
  SELECT kind, name, title, answer_id FROM (
    SELECT t.kind, t.name, t.title, a.id AS answer_id,
           row_number() OVER (PARTITION BY t.id ORDER BY a.method DESC, a.service, a.asked, a.id) AS place
      FROM things t JOIN answers a ON a.thing_id = t.id
     WHERE a.replaced_by IS NULL AND a.outcome = 'known' AND a.method LIKE t.kind || '.%'
       AND EXISTS (SELECT 1 FROM answer_genres g WHERE g.answer_id = a.id))
   WHERE place = 1
),
-- Services were asked by the name that is shown, or by another spelling of it.
told_of_artist AS (
  SELECT artist, answer_id FROM (
    SELECT s.name AS artist, told.answer_id,
           row_number() OVER (PARTITION BY s.name ORDER BY told.name <> s.name, a.id) AS place
      FROM artists a
      JOIN artists s ON s.id = coalesce(a.shown_as, a.id)
      JOIN told ON told.kind = 'artist' AND told.name IN (s.name, a.name))
   WHERE place = 1
),
told_of_album AS (
  SELECT album_id, answer_id FROM (
    SELECT coalesce(t.shown_as, t.id) AS album_id, told.answer_id,
           row_number() OVER (PARTITION BY coalesce(t.shown_as, t.id)
                              ORDER BY t.shown_as IS NOT NULL OR told.name <> s.name, t.id, told.name <> s.name) AS place
      FROM albums t
      JOIN artists a ON a.id = t.artist_id
      JOIN artists s ON s.id = coalesce(a.shown_as, a.id)
      JOIN told ON told.kind = 'album' AND told.title = t.title AND told.name IN (s.name, a.name))
   WHERE place = 1
),
told_of_track AS (
  SELECT track_id, answer_id FROM (
    SELECT coalesce(t.shown_as, t.id) AS track_id, told.answer_id,
           row_number() OVER (PARTITION BY coalesce(t.shown_as, t.id)
                              ORDER BY t.shown_as IS NOT NULL OR told.name <> s.name, t.id, told.name <> s.name) AS place
      FROM tracks t
      JOIN artists a ON a.id = t.artist_id
      JOIN artists s ON s.id = coalesce(a.shown_as, a.id)
      JOIN told ON told.kind = 'track' AND told.title = t.title AND told.name IN (s.name, a.name))
   WHERE place = 1
),
-- What the listener decided outranks all of it; the latest rule of an artist counts.
decided AS (
  SELECT artist, rule FROM (
    SELECT s.name AS artist, r.rule, row_number() OVER (PARTITION BY s.name ORDER BY r.id DESC) AS place
      FROM rules r
      JOIN listeners l ON l.id = r.listener_id AND l.name = :listener
      JOIN artists a ON a.listener_id = l.id
      JOIN artists s ON s.id = coalesce(a.shown_as, a.id)
     WHERE r.revoked_seq IS NULL AND json_extract(r.rule, '$.rule') = 'genres'
       AND lower(json_extract(r.rule, '$.artist')) IN (lower(a.name), lower(s.name)))
   WHERE place = 1
),
one_artist AS (
  SELECT artist, genre.value AS genre, 1.0 / json_array_length(rule, '$.genres') AS weight, 1 AS by_rule
    FROM decided, json_each(rule, '$.genres') genre
   UNION ALL
  SELECT artist, genre, weight, 0 FROM told_of_artist JOIN answer_genres USING (answer_id)
   WHERE artist NOT IN (SELECT artist FROM decided)
),
-- A split name without genres of its own has those of its artists, each as much as any other.
credits AS (
  SELECT DISTINCT s.name AS artist, c.name AS credited
    FROM artist_credits
    JOIN artists a ON a.id = artist_id
    JOIN artists s ON s.id = coalesce(a.shown_as, a.id)
    JOIN artists c ON c.id = credited_id
   WHERE s.name NOT IN (SELECT artist FROM one_artist) AND c.name IN (SELECT artist FROM one_artist)
),
of_artist AS (
  SELECT artist, genre, weight, by_rule FROM one_artist
   UNION ALL
  SELECT credits.artist, genre, sum(weight) / (SELECT count(*) FROM credits c WHERE c.artist = credits.artist),
         (SELECT max(by_rule) FROM credits c JOIN one_artist o ON o.artist = c.credited WHERE c.artist = credits.artist)
    FROM credits JOIN one_artist ON one_artist.artist = credits.credited GROUP BY credits.artist, genre
),
listens AS (
  SELECT p.id, p.played_at, p.local_day, p.local_week, p.local_month, p.local_year, p.artist,
         CASE WHEN p.ms_played >= 0 THEN p.ms_played END AS ms,
         CASE WHEN p.artist IN (SELECT artist FROM of_artist WHERE by_rule = 1) THEN 'rule'
              WHEN told_of_track.answer_id IS NOT NULL THEN 'track'
              WHEN told_of_album.answer_id IS NOT NULL THEN 'album'
              WHEN p.artist IN (SELECT artist FROM of_artist) THEN 'artist' END AS told_by,
         coalesce(told_of_track.answer_id, told_of_album.answer_id) AS answer_id
    FROM plays_view p
    LEFT JOIN told_of_track ON told_of_track.track_id = p.track_id
    LEFT JOIN told_of_album ON told_of_album.album_id = p.album_id
   WHERE p.listener = :listener AND p.local_day >= :from_day AND p.local_day < :to_day
     AND p.played_at >= 1009843200 AND p.played_at < :now + 86400
),
plays AS (
  SELECT * FROM listens WHERE ms IS NULL OR ms >= CAST(:min_ms AS INTEGER)
),
parts AS (
  SELECT plays.*, genre, weight FROM plays JOIN of_artist ON of_artist.artist = plays.artist
   WHERE told_by IN ('rule', 'artist')
   UNION ALL
  SELECT plays.*, genre, weight FROM plays JOIN answer_genres ON answer_genres.answer_id = plays.answer_id
   WHERE told_by IN ('track', 'album')
),
heaviest AS (
  SELECT id, genre FROM (
    SELECT id, genre, row_number() OVER (PARTITION BY id ORDER BY round(weight, 5) DESC, genre) AS place FROM parts)
   WHERE place = 1
),
ordered AS (
  SELECT plays.played_at, heaviest.genre, lag(heaviest.genre) OVER in_order AS genre_before,
         lag(plays.played_at) OVER in_order AS played_before
    FROM plays LEFT JOIN heaviest ON heaviest.id = plays.id
  WINDOW in_order AS (ORDER BY plays.played_at, plays.id)
)
SELECT genre_before, genre, count(*) AS times FROM ordered
 WHERE genre IS NOT NULL AND genre_before IS NOT NULL AND played_at - played_before <= 1800
 GROUP BY genre_before, genre ORDER BY times DESC, genre_before, genre;
