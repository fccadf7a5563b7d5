//! Real people's tables and logs against what an independent program counted in them. The files are not part of the
//! project; `HEARD_SHARED` names the folder that holds them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::fs;
use std::path::{Path, PathBuf};

use heard_history::facts::{Other, Play, Reason, Rows, Why};
use heard_history::listen::FIRST_PLAUSIBLE;
use heard_history::normalise::layout::{Format, Layout};
use serde_json::{Value, json};

use super::{layout_of, rows_of};

/// The folder of real files, where one is named.
fn shared() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the real files lie")]
    let shared = std::env::var_os("HEARD_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("HEARD_SHARED is not set: real tables and logs were not read");
    }
    shared
}

/// The files of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = listing.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// A file against what was counted in it.
struct Compared<'a> {
    path: &'a Path,
    counted: Value,
    differences: Vec<String>,
}

impl Compared<'_> {
    fn same(&mut self, what: &str, ours: impl Into<Value>) {
        let (ours, counted) = (ours.into(), &self.counted[what]);
        if ours != *counted {
            self.differences.push(format!("{}: {what} is {counted}, and we say {ours}", name(self.path)));
        }
    }

    fn rows(&mut self, rows: &Rows<'_>, format: Format) {
        let left_out = |why: Why| rows.left_out.iter().filter(|row| row.why == why).count();
        let rejects = |reasons: &[Reason]| reasons.iter().map(|reason| left_out(Why::Reject(*reason))).sum::<usize>();
        self.same("total_rows", rows.count);
        // The other program counts moments that cannot be read as malformed rows, and cannot know what sounded while
        // a table was exported.
        self.same("malformed", rejects(&[Reason::Malformed, Reason::BadTime, Reason::NotUtf8, Reason::Nul]));
        self.same("missing_time", rejects(&[Reason::NoTime]) + left_out(Why::Other(Other::NowPlaying)));
        self.same("empty_names", rejects(&[Reason::NoArtist, Reason::NoTrack]));
        self.same("skipped", left_out(Why::Other(Other::Skipped)));
        self.same("parseable", rows.plays.len());
        self.same("in_1970", rows.plays.iter().filter(|play| play.played_at < 31_536_000).count());
        self.plays(&self.plausible(&rows.plays, format));
    }

    /// The other program's figures are of plays from 2002 to the day after the file was published, and, where a source
    /// tells the end of a play, of that.
    fn plausible<'a>(&self, plays: &'a [Play<'a>], format: Format) -> Vec<(i64, &'a Play<'a>)> {
        let published: jiff::Timestamp = self.counted["commit_date"].as_str().unwrap().parse().unwrap();
        let last = published.as_second() + 86_400;
        let told = |play: &Play<'_>| match format {
            Format::AppleMusic => play.sounding.ended_at.unwrap(),
            _ => play.played_at,
        };
        plays.iter().map(|play| (told(play), play)).filter(|(at, _)| (FIRST_PLAUSIBLE..=last).contains(at)).collect()
    }

    fn plays(&mut self, plays: &[(i64, &Play<'_>)]) {
        let tracks = || plays.iter().map(|(_, play)| (&*play.artist, &*play.track));
        self.same("valid_plays", plays.len());
        self.same("distinct_artists", tracks().map(|(artist, _)| artist).collect::<BTreeSet<_>>().len());
        self.same("distinct_tracks", tracks().collect::<BTreeSet<_>>().len());
        self.same("first_epoch", plays.iter().map(|(at, _)| *at).min());
        self.same("last_epoch", plays.iter().map(|(at, _)| *at).max());
        let artists = top(tracks().map(|(artist, _)| artist));
        self.same(
            "top20_artists",
            artists.map(|(artist, plays)| json!({"artist": artist, "plays": plays})).collect::<Value>(),
        );
        let of_track = |((artist, track), plays)| json!({"artist": artist, "track": track, "plays": plays});
        self.same("top20_tracks", top(tracks()).map(of_track).collect::<Value>());
    }
}

/// The twenty that are named most often; of equal ones the earlier name.
fn top<K: Ord + Debug>(keys: impl Iterator<Item = K>) -> impl Iterator<Item = (K, u64)> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0_u64) += 1;
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    counts.into_iter().take(20)
}

#[test]
fn real_tables_and_logs_hold_what_was_counted_in_them() {
    let Some(shared) = shared() else { return };
    let mut differences = Vec::new();
    let mut compared = 0;
    for folder in ["lastfm_csv", "scrobbler_log"] {
        for path in files(&shared.join("data").join(folder)) {
            let text = fs::read(&path).unwrap();
            let expected = shared.join("data/expected").join(format!("{}.json", name(&path)));
            let counted = fs::read(&expected).unwrap_or_else(|error| panic!("{}: {error}", expected.display()));
            let mut file =
                Compared { path: &path, counted: serde_json::from_slice(&counted).unwrap(), differences: Vec::new() };
            match layout_of(&name(&path), &text) {
                Some(Ok(layout)) => file.rows(&rows_of(&layout, &text), layout.format),
                other => file.differences.push(format!("{}: {other:?}", name(&path))),
            }
            compared += 1;
            differences.append(&mut file.differences);
        }
    }
    assert!(compared >= 10, "only {compared} files were found");
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// What a sample is: rows, plays, left out by reason and kind, and who told.
fn summary(layout: &Layout, rows: &Rows<'_>) -> String {
    let mut why: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows.left_out {
        let name = match row.why {
            Why::Other(other) => other.name(),
            Why::Reject(reason) => reason.name(),
        };
        *why.entry(name).or_default() += 1;
    }
    let left_out: String = why.iter().map(|(name, count)| format!(" {name} {count}")).collect();
    format!("{} {}: {} plays{left_out}", layout.format.name(), layout.service, rows.plays.len())
}

#[test]
fn recorded_samples_are_read_as_what_they_are() {
    let Some(shared) = shared() else { return };
    let expected = [
        ("apple-music/Apple_Music_Play_Activity_sample.csv", "apple-music applemusic: 20 plays not_a_play 13 video 2"),
        ("lastfm-benfoxall/pingw33n_lastfm_scrobbles.csv", "table lastfm: 29 plays now_playing 1"),
        ("lastfm-benfoxall/pingw33n_nowplaying_every_page.csv", "table lastfm: 412 plays now_playing 3"),
        ("lastfm-downloader/89rael_lastfm_scrobbles.csv", "table lastfm: 29 plays"),
        ("lastfm-downloader/krishkumar_uts_zero.csv", "table lastfm: 25 plays"),
        ("lastfm-ghan/SachaWheeler_scrobbles.csv", "table lastfm: 29 plays"),
        ("lastfm-other/Djivs_scrobbles.csv", "table lastfm: 14 plays"),
        ("lastfm-other/stunglan_lastfmplays.csv", "table lastfm: 15 plays"),
        ("librefm/lb_librefm.csv", "table librefm: 3 plays"),
        ("librefm/lb_librefm_no_album_column.csv", "table librefm: 2 plays"),
        ("librefm/lb_librefm_via_maloja.csv", "table librefm: 3 plays"),
        ("librefm/lb_librefm_with_comments.csv", "table librefm: 3 plays"),
        ("rockbox/djanatyn_clock_reset.scrobbler.log", "scrobbler-log player: 18 plays skipped 12"),
        ("rockbox/lb.scrobbler.log", "scrobbler-log player: 3 plays skipped 1"),
        ("rockbox/mallatai_mbids.scrobbler.log", "scrobbler-log player: 17 plays"),
        ("rockbox/naroop.scrobbler.log", "scrobbler-log player: 47 plays skipped 9"),
        ("spinitron/lb_spinitron_sample.csv", "table file: 3 plays bad_time 1 no_artist 1"),
    ];
    let mut differences = Vec::new();
    for (path, expected) in expected {
        let text =
            fs::read(shared.join("fixtures/formats").join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let layout = layout_of(path, &text).unwrap().unwrap_or_else(|why| panic!("{path}: {why}"));
        let ours = summary(&layout, &rows_of(&layout, &text));
        if ours != expected {
            differences.push(format!("{path}: expected {expected}, read {ours}"));
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn lists_that_are_no_plays_are_refused() {
    let Some(shared) = shared() else { return };
    let refused = [
        ("fixtures/formats/librefm/lb_librefm_no_header.csv", "no column tells when"),
        ("data/enrichment/krishkumar__lastfm-listening-history__lastfm_top_artists.csv", "no column names the tracks"),
        ("data/enrichment/krishkumar__lastfm-listening-history__lastfm_top_tracks.csv", "no column tells when"),
        ("data/enrichment/bastianolea__lastfm_top_tags__artist_info.csv", "no column names the tracks"),
    ];
    for (path, why) in refused {
        let text = fs::read(shared.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"));
        let sentence = layout_of(path, &text).unwrap().unwrap_err();
        assert!(sentence.contains(why), "{path}: {sentence}");
    }
}

#[test]
fn no_recorded_text_makes_the_readers_panic() {
    let Some(shared) = shared() else { return };
    let mut read = 0;
    for folder in files(&shared.join("fixtures/formats")).iter().filter(|path| path.is_dir()) {
        for path in files(folder) {
            let text = fs::read(&path).unwrap();
            if let Some(Ok(layout)) = layout_of(&name(&path), &text) {
                let rows = rows_of(&layout, &text);
                assert_eq!(rows.count as usize, rows.plays.len() + rows.left_out.len(), "{}", path.display());
                read += 1;
            }
        }
    }
    assert!(read >= 17, "only {read} files were read");
}
