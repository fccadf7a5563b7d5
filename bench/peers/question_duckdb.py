"""A question, answered by DuckDB over Parquet.

question_duckdb.py FOLDER top-artists|top-artists-year YEAR|top-tracks|clock|months-of-top-artists|count-text TEXT
"""

import json
import sys

import duckdb

TOP_ARTISTS = "SELECT artist, count(*) AS plays FROM plays {where} GROUP BY artist ORDER BY plays DESC, artist LIMIT 20"
TOP_TRACKS = (
    "SELECT artist, track, count(*) AS plays FROM plays GROUP BY artist, track"
    " ORDER BY plays DESC, artist, track LIMIT 20"
)
CLOCK = "SELECT played_at // 3600 % 24 AS hour, count(*) FROM plays GROUP BY hour"
MONTHS = """
WITH top AS (SELECT artist, row_number() OVER (ORDER BY count(*) DESC, artist) AS rank FROM plays GROUP BY artist)
SELECT artist, strftime(make_timestamp(played_at * 1000000), '%Y-%m') AS month, count(*) AS plays
  FROM plays JOIN top USING (artist) WHERE rank <= 10 GROUP BY rank, artist, month ORDER BY rank, month
"""
YEAR = "WHERE played_at >= epoch(make_date({0}, 1, 1)) AND played_at < epoch(make_date({0} + 1, 1, 1))"
COUNT_TEXT = (
    "SELECT count(*) FROM plays WHERE contains(lower(artist), $1) OR contains(lower(album), $1)"
    " OR contains(lower(track), $1)"
)


def answer(folder, question, argument=None):
    database = duckdb.connect()
    database.execute(f"CREATE VIEW plays AS FROM '{folder}/plays.parquet'")
    if question == "top-artists":
        return database.execute(TOP_ARTISTS.format(where="")).fetchall()
    if question == "top-artists-year":
        return database.execute(TOP_ARTISTS.format(where=YEAR.format(int(argument)))).fetchall()
    if question == "top-tracks":
        return database.execute(TOP_TRACKS).fetchall()
    if question == "clock":
        hours = dict(database.execute(CLOCK).fetchall())
        return [hours.get(hour, 0) for hour in range(24)]
    if question == "months-of-top-artists":
        return database.execute(MONTHS).fetchall()
    return database.execute(COUNT_TEXT, [argument.lower()]).fetchone()[0]


if __name__ == "__main__":
    json.dump(answer(*sys.argv[1:]), sys.stdout)
