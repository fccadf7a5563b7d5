"""Archived pages into a normalised SQLite database, in plain Python.

zstdcat ARCHIVE | pages_to_sqlite.py OUT.db
"""

import json
import sqlite3
import sys

SCHEMA = """
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL, title TEXT NOT NULL, UNIQUE (artist_id, title));
CREATE TABLE tracks (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL, title TEXT NOT NULL, UNIQUE (artist_id, title));
CREATE TABLE plays (played_at INTEGER NOT NULL, artist_id INTEGER NOT NULL, album_id INTEGER, track_id INTEGER NOT NULL);
"""
INDEX = "CREATE UNIQUE INDEX plays_by_time ON plays (played_at, track_id)"


class Ids:
    """Gives every new key the next number, and keeps the rows to be inserted."""

    def __init__(self):
        self.known = {}
        self.rows = []

    def of(self, *key):
        found = self.known.get(key)
        if found is None:
            found = len(self.known) + 1
            self.known[key] = found
            self.rows.append((found, *key))
        return found

    def new_rows(self):
        rows, self.rows = self.rows, []
        return rows


def main(path):
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")
    database.executescript(SCHEMA)
    database.execute("BEGIN")
    artists, albums, tracks = Ids(), Ids(), Ids()
    # A page repeats what is older than the stretch that it closes.
    seen = set()
    for line in sys.stdin.buffer:
        envelope = json.loads(line)
        if envelope["purpose"] != "walk":
            continue
        plays = []
        for row in envelope["body"]["recenttracks"]["track"]:
            if "date" not in row:
                continue
            artist = artists.of(row["artist"]["#text"])
            title = row["album"]["#text"]
            album = albums.of(artist, title) if title else None
            track = tracks.of(artist, row["name"])
            second = int(row["date"]["uts"])
            if (second, track) not in seen:
                seen.add((second, track))
                plays.append((second, artist, album, track))
        database.executemany("INSERT INTO artists VALUES (?, ?)", artists.new_rows())
        database.executemany("INSERT INTO albums VALUES (?, ?, ?)", albums.new_rows())
        database.executemany("INSERT INTO tracks VALUES (?, ?, ?)", tracks.new_rows())
        database.executemany("INSERT INTO plays VALUES (?, ?, ?, ?)", plays)
    database.execute(INDEX)
    database.execute("COMMIT")
    print(database.execute("SELECT count(*) FROM plays").fetchone()[0])


if __name__ == "__main__":
    main(*sys.argv[1:])
