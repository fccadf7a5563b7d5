"""The most heard artists straight from Spotify's files, with nothing kept: what a script does."""

import collections
import json
import pathlib
import sys

plays = collections.Counter()
for path in pathlib.Path(sys.argv[1]).glob("*.json"):
    for row in json.loads(path.read_bytes()):
        if row.get("msPlayed", row.get("ms_played", 0)) >= 30_000:
            plays[row.get("artistName") or row.get("master_metadata_album_artist_name")] += 1
for artist, count in sorted(plays.items(), key=lambda pair: (-pair[1], pair[0]))[:10]:
    print(count, artist)
