"""Gives every engine the same plays in the form that suits it; not measured.

prepare.py PLAYS.csv FOLDER
"""

import sqlite3
import sys
from pathlib import Path

import duckdb
import numpy as np

TABLES = """
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE albums (id INTEGER PRIMARY KEY, title TEXT NOT NULL);
CREATE TABLE tracks (id INTEGER PRIMARY KEY, artist_id INTEGER NOT NULL, title TEXT NOT NULL);
CREATE TABLE plays (played_at INTEGER NOT NULL, artist_id INTEGER NOT NULL, album_id INTEGER NOT NULL,
                    track_id INTEGER NOT NULL);
"""
INDEXES = """
CREATE INDEX plays_by_artist ON plays (artist_id);
CREATE INDEX plays_by_track ON plays (track_id);
CREATE INDEX plays_by_time ON plays (played_at, artist_id);
ANALYZE;
"""


def coded(database):
    """Numbers for names: artists, albums and tracks from 0, and the plays by them, oldest first."""
    database.execute("CREATE TABLE artists AS SELECT row_number() OVER (ORDER BY artist) - 1 AS id, artist AS name"
                     " FROM (SELECT DISTINCT artist FROM plays)")
    database.execute("CREATE TABLE albums AS SELECT row_number() OVER (ORDER BY album) - 1 AS id, album AS title"
                     " FROM (SELECT DISTINCT album FROM plays)")
    database.execute("CREATE TABLE tracks AS SELECT row_number() OVER (ORDER BY a.id, track) - 1 AS id,"
                     " a.id AS artist_id, track AS title"
                     " FROM (SELECT DISTINCT artist, track FROM plays) p JOIN artists a ON a.name = p.artist")
    return database.execute(
        "SELECT p.played_at, a.id AS artist, b.id AS album, t.id AS track FROM plays p JOIN artists a ON a.name = p.artist"
        " JOIN albums b ON b.title = p.album JOIN tracks t ON t.artist_id = a.id AND t.title = p.track"
        " ORDER BY p.played_at").fetchnumpy()


def write_sqlite(path, database, plays):
    path.unlink(missing_ok=True)
    sqlite = sqlite3.connect(path)
    sqlite.executescript(TABLES)
    sqlite.executemany("INSERT INTO artists VALUES (?, ?)", database.execute("FROM artists").fetchall())
    sqlite.executemany("INSERT INTO albums VALUES (?, ?)", database.execute("FROM albums").fetchall())
    sqlite.executemany("INSERT INTO tracks VALUES (?, ?, ?)", database.execute("FROM tracks").fetchall())
    columns = (plays[name].tolist() for name in ("played_at", "artist", "album", "track"))
    sqlite.executemany("INSERT INTO plays VALUES (?, ?, ?, ?)", zip(*columns))
    sqlite.commit()
    sqlite.executescript(INDEXES)
    sqlite.close()


def write_columns(folder, database, plays):
    np.save(folder / "played_at.npy", plays["played_at"].astype(np.int64))
    for name in ("artist", "album", "track"):
        np.save(folder / f"{name}.npy", plays[name].astype(np.uint32))
    artist_of = database.execute("SELECT artist_id FROM tracks ORDER BY id").fetchnumpy()["artist_id"]
    np.save(folder / "artist_of_track.npy", artist_of.astype(np.uint32))
    for table, column in (("artists", "name"), ("albums", "title"), ("tracks", "title")):
        names = [name for (name,) in database.execute(f"SELECT {column} FROM {table} ORDER BY id").fetchall()]
        (folder / f"{table}.txt").write_text("\0".join(names), encoding="utf-8", newline="")


def main(csv, folder):
    folder = Path(folder)
    database = duckdb.connect()
    database.execute("CREATE TABLE plays AS SELECT timestamps::BIGINT AS played_at, artist, coalesce(album, '') AS album,"
                     " track FROM read_csv(?, all_varchar = true, header = true, quote = '\"', escape = '\"',"
                     " delim = ',')", [csv])
    database.execute(f"COPY (FROM plays ORDER BY played_at) TO '{folder / 'plays.parquet'}' (FORMAT parquet)")
    plays = coded(database)
    write_sqlite(folder / "plays.sqlite", database, plays)
    write_columns(folder, database, plays)


if __name__ == "__main__":
    main(*sys.argv[1:])
