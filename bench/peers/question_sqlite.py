"""A question, answered by SQLite from numbered names with the obvious indexes.

question_sqlite.py FOLDER top-artists|top-artists-year YEAR|top-tracks|clock|months-of-top-artists|count-text TEXT
"""

import calendar
import json
import sqlite3
import sys

TOP_ARTISTS = """
SELECT name, plays FROM (SELECT artist_id, count(*) AS plays FROM plays {where} GROUP BY artist_id)
  JOIN artists ON artists.id = artist_id ORDER BY plays DESC, name LIMIT 20
"""
TOP_TRACKS = """
SELECT name, title, plays FROM (SELECT track_id, count(*) AS plays FROM plays GROUP BY track_id)
  JOIN tracks ON tracks.id = track_id JOIN artists ON artists.id = artist_id
 ORDER BY plays DESC, name, title LIMIT 20
"""
CLOCK = "SELECT played_at / 3600 % 24 AS hour, count(*) FROM plays GROUP BY hour"
MONTHS = """
WITH top AS (SELECT artist_id, name, row_number() OVER (ORDER BY plays DESC, name) AS rank
               FROM (SELECT artist_id, count(*) AS plays FROM plays GROUP BY artist_id)
               JOIN artists ON artists.id = artist_id ORDER BY rank LIMIT 10)
SELECT name, strftime('%Y-%m', played_at, 'unixepoch') AS month, count(*) AS plays
  FROM top JOIN plays USING (artist_id) GROUP BY rank, name, month ORDER BY rank, month
"""
COUNT_TEXT = """
SELECT count(*) FROM plays
 WHERE artist_id IN (SELECT id FROM artists WHERE name LIKE ?1)
    OR album_id IN (SELECT id FROM albums WHERE title LIKE ?1)
    OR track_id IN (SELECT id FROM tracks WHERE title LIKE ?1)
"""


def answer(folder, question, argument=None):
    database = sqlite3.connect(f"file:{folder}/plays.sqlite?mode=ro", uri=True)
    if question == "top-artists":
        return database.execute(TOP_ARTISTS.format(where="")).fetchall()
    if question == "top-artists-year":
        year = int(argument)
        bounds = [calendar.timegm((y, 1, 1, 0, 0, 0)) for y in (year, year + 1)]
        return database.execute(TOP_ARTISTS.format(where="WHERE played_at >= ? AND played_at < ?"), bounds).fetchall()
    if question == "top-tracks":
        return database.execute(TOP_TRACKS).fetchall()
    if question == "clock":
        hours = dict(database.execute(CLOCK).fetchall())
        return [hours.get(hour, 0) for hour in range(24)]
    if question == "months-of-top-artists":
        return database.execute(MONTHS).fetchall()
    return database.execute(COUNT_TEXT, [f"%{argument}%"]).fetchone()[0]


if __name__ == "__main__":
    json.dump(answer(*sys.argv[1:]), sys.stdout)
