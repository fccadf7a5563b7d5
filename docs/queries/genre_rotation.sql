-- Which genres came into rotation in which unit of the calendar for the first time (entered), which were there before and
-- not in the unit before (back), and which were in rotation in the unit before and no longer are (left). A genre is in
-- rotation where it has at least 2 % of the plays with genres, and 3 plays. Units without any play with genres are passed
-- over, and nothing is said of the first one.
--
-- :listener  whose; :from_day and :to_day  the first day and the day after the last, like 2024-01-01 and 2025-01-01;
-- :min_ms  shorter plays do not count, usually 30000; :now  Unix seconds, after which a moment is a wrong clock's;
-- :unit  day, week, month or year.
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
  SELECT p.id, p.local_day, p.local_week, p.local_month, p.local_year, p.artist,
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
counted AS (
  SELECT CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
              ELSE CAST(local_year AS TEXT) END AS unit, count(told_by) AS told
    FROM plays GROUP BY 1
),
numbered AS (SELECT unit, told, row_number() OVER (ORDER BY unit) AS number FROM counted WHERE told > 0),
summed AS (
  SELECT CASE :unit WHEN 'day' THEN local_day WHEN 'week' THEN local_week WHEN 'month' THEN local_month
              ELSE CAST(local_year AS TEXT) END AS unit, genre, round(sum(weight), 6) AS part
    FROM parts GROUP BY 1, 2
),
rotation AS (
  SELECT number, numbered.unit, genre FROM summed JOIN numbered ON numbered.unit = summed.unit
   WHERE part >= 3 AND part / told >= 0.02
)
SELECT here.unit, CASE WHEN EXISTS (SELECT 1 FROM rotation r WHERE r.genre = here.genre AND r.number < here.number)
                       THEN 'back' ELSE 'entered' END AS what, here.genre
  FROM rotation here
 WHERE here.number > 1
   AND NOT EXISTS (SELECT 1 FROM rotation r WHERE r.genre = here.genre AND r.number = here.number - 1)
 UNION ALL
SELECT numbered.unit, 'left', r.genre
  FROM rotation r JOIN numbered ON numbered.number = r.number + 1
 WHERE NOT EXISTS (SELECT 1 FROM rotation here WHERE here.genre = r.genre AND here.number = numbered.number)
 ORDER BY 1, 2, 3;
