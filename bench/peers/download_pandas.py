"""A whole history by requests, ranked and written by pandas, drawn by matplotlib.

download_pandas.py ROOT USER OUT.csv OUT.png
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd
import requests

PAGE_SIZE = 1000


def pages(root, user):
    with requests.Session() as session:
        page, last = 1, 1
        while page <= last:
            query = {
                "method": "user.getrecenttracks",
                "user": user,
                "api_key": "any",
                "format": "json",
                "limit": PAGE_SIZE,
                "page": page,
            }
            answer = session.get(root, params=query, timeout=30)
            answer.raise_for_status()
            recent = answer.json()["recenttracks"]
            yield recent["track"]
            last = int(recent["@attr"]["totalPages"])
            page += 1


def main(root, user, csv, png):
    rows = [
        {
            "artist": track["artist"]["#text"],
            "album": track["album"]["#text"],
            "track": track["name"],
            "timestamps": int(track["date"]["uts"]),
        }
        for page in pages(root, user)
        for track in page
        if "date" in track
    ]
    plays = pd.DataFrame(rows)
    plays["datetime"] = pd.to_datetime(plays["timestamps"], unit="s", utc=True)
    plays.to_csv(csv, index=False)
    top = plays["artist"].value_counts().head(20)[::-1]
    top.plot.barh(figsize=(10, 8), title="Top artists")
    plt.tight_layout()
    plt.savefig(png)


if __name__ == "__main__":
    main(*sys.argv[1:])
