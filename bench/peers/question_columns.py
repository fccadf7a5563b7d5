"""A question, answered by hand from memory-mapped columns of numbers, with numpy.

question_columns.py FOLDER top-artists|top-artists-year YEAR|top-tracks|clock|months-of-top-artists|count-text TEXT
"""

import calendar
import json
import sys

import numpy as np

PLACES = 20


def column(folder, name):
    return np.load(f"{folder}/{name}.npy", mmap_mode="r")


def names(folder, table):
    with open(f"{folder}/{table}.txt", encoding="utf-8", newline="") as file:
        return file.read().split("\0")


def top(codes, name_of):
    counts = np.bincount(codes)
    places = min(PLACES, len(counts))
    last = max(np.partition(counts, -places)[-places], 1)
    rows = [[*name_of(code), int(counts[code])] for code in np.flatnonzero(counts >= last)]
    rows.sort(key=lambda row: (-row[-1], row[:-1]))
    return rows[:PLACES]


def answer(folder, question, argument=None):
    if question in ("top-artists", "top-artists-year"):
        codes, artists = column(folder, "artist"), names(folder, "artists")
        if argument:
            bounds = [calendar.timegm((year, 1, 1, 0, 0, 0)) for year in (int(argument), int(argument) + 1)]
            first, end = np.searchsorted(column(folder, "played_at"), bounds)
            codes = codes[first:end]
        return top(codes, lambda code: (artists[code],))
    if question == "top-tracks":
        artists, tracks, artist_of = names(folder, "artists"), names(folder, "tracks"), column(folder, "artist_of_track")
        return top(column(folder, "track"), lambda code: (artists[artist_of[code]], tracks[code]))
    if question == "clock":
        return np.bincount(column(folder, "played_at") // 3600 % 24, minlength=24).tolist()
    if question == "months-of-top-artists":
        codes, artists = column(folder, "artist"), names(folder, "artists")
        months = column(folder, "played_at").astype("datetime64[s]").astype("datetime64[M]")
        rows = []
        for (name, _) in top(codes, lambda code: (artists[code],))[:10]:
            found, counts = np.unique(months[codes == artists.index(name)], return_counts=True)
            rows += [[name, str(month), int(count)] for month, count in zip(found, counts)]
        return rows
    found = False
    for name in ("artist", "album", "track"):
        wanted = np.array([argument.lower() in text.lower() for text in names(folder, f"{name}s")])
        found = found | wanted[column(folder, name)]
    return int(np.count_nonzero(found))


if __name__ == "__main__":
    json.dump(answer(*sys.argv[1:]), sys.stdout)
