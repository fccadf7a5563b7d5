"""A question, answered by pandas from the exported CSV.

question_pandas.py FOLDER top-artists|top-artists-year YEAR|top-tracks|clock|months-of-top-artists|count-text TEXT
"""

import json
import sys

import pandas as pd


def top(plays, keys):
    counts = plays.groupby(keys).size().reset_index(name="plays")
    counts = counts.sort_values(["plays", *keys], ascending=[False] + [True] * len(keys)).head(20)
    return counts.values.tolist()


def answer(folder, question, argument=None):
    def read(*columns):
        return pd.read_csv(f"{folder}/plays.csv", usecols=list(columns), keep_default_na=False)

    if question == "top-artists":
        return top(read("artist"), ["artist"])
    if question == "top-artists-year":
        plays = read("artist", "timestamps")
        years = pd.to_datetime(plays["timestamps"], unit="s", utc=True).dt.year
        return top(plays[years == int(argument)], ["artist"])
    if question == "top-tracks":
        return top(read("artist", "track"), ["artist", "track"])
    if question == "clock":
        hours = (read("timestamps")["timestamps"] // 3600 % 24).value_counts()
        return [int(hours.get(hour, 0)) for hour in range(24)]
    if question == "months-of-top-artists":
        plays = read("artist", "timestamps")
        names = [row[0] for row in top(plays, ["artist"])[:10]]
        plays = plays[plays["artist"].isin(names)]
        months = pd.to_datetime(plays["timestamps"], unit="s", utc=True).dt.strftime("%Y-%m")
        counts = plays.groupby(["artist", months]).size()
        return [[name, month, int(count)] for name in names for month, count in counts[name].items()]
    plays = read("artist", "album", "track")
    found = [plays[name].str.lower().str.contains(argument.lower(), regex=False) for name in plays]
    return int((found[0] | found[1] | found[2]).sum())


if __name__ == "__main__":
    json.dump(answer(*sys.argv[1:]), sys.stdout)
