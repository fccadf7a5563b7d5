#!/usr/bin/env python3
"""Writes a made-up Spotify history, as large as wanted, in the layouts of Spotify's own exports.

usage: spotify_history.py FOLDER --plays N [--layout extended|account] [--seed S] [--compact]

extended: Streaming_History_Audio_…_N.json, 16,000 plays a file, the layout of 2025 (23 keys).
account:  StreamingHistory_music_N.json, 10,000 plays a file, minutes.
"""

import argparse
import datetime
import json
import pathlib
import random

WORDS = (
    "amber basin cedar delta ember fjord glass harbour iron juniper kestrel lantern meadow north ocean paper quartz "
    "river silver thunder umber valley willow yellow zephyr ñandú über 夜明け 바다 öland"
).split()
REASONS = ["trackdone", "fwdbtn", "clickrow", "endplay", "backbtn", "appload"]
PLATFORMS = ["android", "ios", "windows", "web_player linux undefined;chrome 126.0.0.0;desktop"]


def catalogue(chance):
    artists = [f"{chance.choice(WORDS)} {chance.choice(WORDS)} {n}".title() for n in range(4000)]
    tracks = []
    for n in range(50_000):
        artist = artists[int(len(artists) * chance.random() ** 2.5)]
        album = f"{chance.choice(WORDS)} {chance.choice(WORDS)}".title()
        title = f"{chance.choice(WORDS)} {chance.choice(WORDS)} {n % 977}".title()
        uri = "spotify:track:" + "".join(chance.choices("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", k=22))
        tracks.append((artist, album, title, uri, chance.randrange(90_000, 420_000)))
    return tracks


def plays(count, chance):
    tracks = catalogue(chance)
    moment = 1_325_376_000
    for _ in range(count):
        artist, album, title, uri, length = tracks[int(len(tracks) * chance.random() ** 3)]
        done = chance.random() < 0.8
        ms = length if done else chance.randrange(0, length)
        moment += ms // 1000 + chance.randrange(1, 180)
        yield moment, artist, album, title, uri, ms, done


def extended(end, artist, album, title, uri, ms, done, chance):
    return {
        "ts": datetime.datetime.fromtimestamp(end, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "platform": chance.choice(PLATFORMS),
        "ms_played": ms,
        "conn_country": "XX",
        "ip_addr": "192.0.2.1",
        "master_metadata_track_name": title,
        "master_metadata_album_artist_name": artist,
        "master_metadata_album_album_name": album,
        "spotify_track_uri": uri,
        "episode_name": None,
        "episode_show_name": None,
        "spotify_episode_uri": None,
        "audiobook_title": None,
        "audiobook_uri": None,
        "audiobook_chapter_uri": None,
        "audiobook_chapter_title": None,
        "reason_start": "trackdone",
        "reason_end": REASONS[0] if done else chance.choice(REASONS),
        "shuffle": False,
        "skipped": not done,
        "offline": False,
        "offline_timestamp": end - ms // 1000,
        "incognito_mode": False,
    }


def account(end, artist, _album, title, _uri, ms, _done, _chance):
    moment = datetime.datetime.fromtimestamp(end, datetime.timezone.utc)
    return {"endTime": moment.strftime("%Y-%m-%d %H:%M"), "artistName": artist, "trackName": title, "msPlayed": ms}


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--plays", type=int, required=True)
    arguments.add_argument("--layout", choices=["extended", "account"], default="extended")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--compact", action="store_true")
    given = arguments.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(given.seed)
    write, size, name = (
        (extended, 16_000, "Streaming_History_Audio_{}.json")
        if given.layout == "extended"
        else (account, 10_000, "StreamingHistory_music_{}.json")
    )
    form = {"separators": (",", ":")} if given.compact else {"indent": 2}
    if given.layout == "account" and not given.compact:
        form["separators"] = (",", " : ")
    part, rows = 0, []

    def flush():
        text = json.dumps(rows, ensure_ascii=False, **form)
        (given.folder / name.format(part)).write_text(text, encoding="utf-8")

    for play in plays(given.plays, chance):
        rows.append(write(*play, chance))
        if len(rows) == size:
            flush()
            part, rows = part + 1, []
    if rows:
        flush()


if __name__ == "__main__":
    main()
