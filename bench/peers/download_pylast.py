"""A whole history by pylast, written as CSV, drawn by matplotlib.

download_pylast.py ROOT USER OUT.csv OUT.png

pylast knows only https and its own hosts; the address is turned to the server on this machine, and nothing else is
changed: its page size and its way of reading are what its users get.
"""

import collections
import csv
import sys
from datetime import datetime, timezone
from urllib.parse import urlsplit

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pylast


class OverHttp(pylast.httpx.Client):
    def __init__(self, *args, base_url, **kwargs):
        super().__init__(*args, base_url=base_url.replace("https://", "http://"), **kwargs)


def main(root, user, table, png):
    pylast.httpx.Client = OverHttp
    network = pylast.LastFMNetwork(api_key="any")
    address = urlsplit(root)
    network.ws_server = (address.netloc, address.path)
    artists = collections.Counter()
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["artist", "album", "track", "timestamps", "datetime"])
        for played in network.get_user(user).get_recent_tracks(limit=None):
            artist, second = played.track.artist.name, int(played.timestamp)
            moment = datetime.fromtimestamp(second, timezone.utc).isoformat()
            writer.writerow([artist, played.album, played.track.title, second, moment])
            artists[artist] += 1
    names, counts = zip(*reversed(artists.most_common(20)))
    figure, axes = plt.subplots(figsize=(10, 8))
    axes.barh(names, counts)
    axes.set_title("Top artists")
    figure.tight_layout()
    figure.savefig(png)


if __name__ == "__main__":
    main(*sys.argv[1:])
