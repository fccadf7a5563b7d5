//! Real files, read as one piece each, against what an independent program counted in them.
//!
//! The files are not part of the project: `HEARD_SHARED` names the folder that holds them.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use heard_history::facts::{Clock, Other, Play, Reason, Rows, Why};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Framing, Hints, Layout};
use heard_history::normalise::recognise_json::recognise;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::layout_told;

/// The folder, where the environment names one; says so where it does not.
fn shared() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let shared = std::env::var_os("HEARD_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("HEARD_SHARED is not set: real export files were not read");
    }
    shared
}

fn bytes(path: &Path) -> Vec<u8> {
    fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The file, or what is in it where it is an archive, with names as an import shows them.
fn members(path: &Path) -> Vec<(String, Vec<u8>)> {
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    if path.extension().is_none_or(|extension| extension != "zip") {
        return vec![(name, bytes(path))];
    }
    let mut archive = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    (0..archive.len())
        .map(|at| {
            let mut member = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            member.read_to_end(&mut content).unwrap();
            (format!("{name}/{}", member.name().unwrap()), content)
        })
        .collect()
}

/// The whole file as the one piece that its layout makes of it.
fn one_piece(layout: &Layout, content: &[u8]) -> Vec<u8> {
    match &layout.framing {
        Framing::Elements(Some(key)) => {
            let root: BTreeMap<String, &RawValue> = serde_json::from_slice(content).unwrap();
            root[key].get().as_bytes().to_vec()
        }
        _ => content.to_vec(),
    }
}

/// What the independent program counts, of our rows.
#[derive(Default)]
struct Count {
    told: BTreeMap<&'static str, u64>,
    artists: BTreeMap<String, (u64, i64, u64)>,
    tracks: BTreeMap<(String, String), u64>,
    albums: HashSet<(String, String)>,
    moments: Vec<i64>,
    ms: Vec<i64>,
}

impl Count {
    fn add(&mut self, rows: &Rows<'_>) {
        *self.told.entry("total_rows").or_default() += u64::from(rows.count);
        for row in &rows.left_out {
            let kind = match row.why {
                Why::Other(Other::Podcast) => "podcast",
                Why::Other(Other::Audiobook) => "audiobook",
                Why::Other(Other::NoMetadata) => "no_metadata",
                Why::Other(Other::Video) => "video_or_other",
                Why::Other(Other::NowPlaying) => "nowplaying",
                Why::Reject(Reason::NoTime) => "missing_time",
                Why::Reject(Reason::NoArtist | Reason::NoTrack) => "empty_names",
                Why::Reject(_) => "malformed",
                Why::Other(_) => "unexpected",
            };
            *self.told.entry(kind).or_default() += 1;
        }
        rows.plays.iter().for_each(|play| self.add_play(play));
    }

    fn add_play(&mut self, play: &Play<'_>) {
        *self.told.entry("valid_plays").or_default() += 1;
        let ms = play.sounding.ms_played;
        let artist = self.artists.entry(play.artist.clone().into_owned()).or_default();
        artist.0 += 1;
        artist.1 += ms.unwrap_or(0);
        artist.2 += u64::from(ms.is_some_and(|ms| ms >= 30_000));
        let track = (play.artist.clone().into_owned(), play.track.clone().into_owned());
        *self.tracks.entry(track).or_default() += 1;
        if let Some(album) = &play.album {
            self.albums.insert((play.artist.clone().into_owned(), album.clone().into_owned()));
        }
        // It takes Spotify's end as the moment of a play.
        self.moments.push(match play.sounding.clock {
            Clock::Start => play.played_at,
            Clock::End | Clock::Both => play.sounding.ended_at.unwrap(),
        });
        self.ms.extend(ms);
    }

    fn top(&self, name: &str, of: impl Fn(&(u64, i64, u64)) -> i64) -> Value {
        let mut artists: Vec<_> = self.artists.iter().map(|(artist, sums)| (-of(sums), artist)).collect();
        artists.retain(|(sum, _)| *sum != 0 || name == "ms");
        artists.sort();
        artists.truncate(20);
        artists.into_iter().map(|(sum, artist)| json!({"artist": artist, name: -sum})).collect()
    }

    fn top_tracks(&self) -> Value {
        let mut tracks: Vec<_> = self.tracks.iter().map(|(track, plays)| (-plays.cast_signed(), track)).collect();
        tracks.sort();
        tracks.truncate(20);
        let told = |(plays, (artist, track)): (i64, &(String, String))| json!({"artist": artist, "track": track, "plays": -plays});
        tracks.into_iter().map(told).collect()
    }

    /// Names each difference.
    fn compare(&self, file: &str, expected: &Value) -> Vec<String> {
        let told = |kind| json!(self.told.get(kind).copied().unwrap_or(0));
        let kinds = [
            "total_rows",
            "malformed",
            "missing_time",
            "nowplaying",
            "empty_names",
            "podcast",
            "audiobook",
            "no_metadata",
            "video_or_other",
            "valid_plays",
        ];
        let mut pairs: Vec<(&str, Value)> = kinds.into_iter().map(|kind| (kind, told(kind))).collect();
        pairs.extend([
            ("distinct_artists", json!(self.artists.len())),
            ("distinct_tracks", json!(self.tracks.len())),
            ("distinct_albums", json!(self.albums.len())),
            ("first_epoch", json!(self.moments.iter().min())),
            ("last_epoch", json!(self.moments.iter().max())),
            ("top20_artists", self.top("plays", |sums| sums.0.cast_signed())),
            ("top20_tracks", self.top_tracks()),
        ]);
        if !expected["total_ms"].is_null() {
            let ge = |least| self.ms.iter().filter(|ms| **ms >= least).count();
            pairs.extend([
                ("total_ms", json!(self.ms.iter().sum::<i64>())),
                ("ms_ge_30000", json!(ge(30_000))),
                ("ms_zero", json!(self.ms.iter().filter(|ms| **ms == 0).count())),
                ("ms_negative", json!(self.ms.iter().filter(|ms| **ms < 0).count())),
                ("top20_artists_by_ms", self.top("ms", |sums| sums.1)),
                ("top20_artists_ge_30000", self.top("plays", |sums| sums.2.cast_signed())),
            ]);
        } else {
            assert!(self.ms.is_empty(), "{file}: it tells how long tracks are, not how long they were played");
        }
        pairs.retain(|(name, ours)| expected[name] != *ours);
        pairs.into_iter().map(|(name, ours)| format!("{file}: {name} is {ours}, not {}", expected[name])).collect()
    }
}

/// The files, and how each is recognised by its first 64 KiB; a page's user stands at its end, behind them in a large one.
const FILES: [(&str, &str); 18] = [
    (
        "lastfm_json/elamperti__OpenWebScrobbler__getRecentTracks.elamperti.page1.json",
        "lastfm lastfm-pages document of elamperti",
    ),
    (
        "lastfm_json/elamperti__OpenWebScrobbler__getRecentTracks.elamperti.page2.json",
        "lastfm lastfm-pages document of elamperti",
    ),
    (
        "lastfm_json/elamperti__OpenWebScrobbler__getRecentTracks.elamperti.page3.json",
        "lastfm lastfm-pages document of elamperti",
    ),
    ("lastfm_json/gabehf__Koito__recenttracks-shoko2-1749776100.json", "lastfm lastfm-pages list of shoko2"),
    ("lastfm_json/lmammino__lastfm__recent_tracks_page.json", "lastfm lastfm-pages document"),
    ("listenbrainz/gabehf__Koito__listenbrainz_shoko1_1749780844.zip", "listenbrainz listenbrainz lines"),
    ("maloja/gabehf__Koito__maloja_import_test.json", "maloja maloja list at scrobbles"),
    ("other_json/gabehf__Koito__koito_export_test.json", "koito koito list at listens of koito"),
    ("spotify_basic/cosmoduende__r-spotify-history-analysis__StreamingHistory0.json", ACCOUNT_DATA),
    ("spotify_basic/hello-michan__music_history__StreamingHistory_music_0.json", ACCOUNT_DATA),
    ("spotify_basic/hello-michan__music_history__StreamingHistory_music_1.json", ACCOUNT_DATA),
    ("spotify_basic/hello-michan__music_history__StreamingHistory_music_2.json", ACCOUNT_DATA),
    ("spotify_basic/iammaxence__Spotipie__my_spotify_data.zip", ACCOUNT_DATA),
    ("spotify_basic/jihyebaee__Spotify_Playlist_Analysis__StreamingHistory_podcast_0.json", ACCOUNT_DATA),
    ("spotify_extended/Nahuell99__spotify-data__Streaming_History_Audio_2024_4.json", EXTENDED),
    ("spotify_extended/gabehf__Koito__Streaming_History_Audio_spotify_import_test.json", EXTENDED),
    ("spotify_extended/jayeshironside__Spotify-Streaming-history-analysis__endvideo.json", EXTENDED),
    ("spotify_extended/s-djam__Spotify__Streaming_History_Audio_2023_4.json", EXTENDED),
];
const YOUTUBE: (&str, &str) = ("youtube/utkutopal__DSA210-project__watch-history.json", "youtube youtube list");
const ACCOUNT_DATA: &str = "spotify spotify-account-data list";
const EXTENDED: &str = "spotify spotify-extended list";

#[test]
fn real_files_give_what_was_counted_in_them() {
    let Some(shared) = shared() else { return };
    let mut differences = Vec::new();
    for (file, told) in FILES.into_iter().chain([YOUTUBE]) {
        let path = shared.join("data").join(file);
        let expected =
            shared.join("data/expected").join(format!("{}.json", path.file_name().unwrap().to_string_lossy()));
        let expected: Value = serde_json::from_slice(&bytes(&expected)).unwrap();
        let mut count = Count::default();
        for (name, content) in members(&path) {
            let head = &content[..content.len().min(1 << 16)];
            let Some(layout) = recognise(&name, head, &Hints::default()) else {
                assert!(name.ends_with("user.json"), "{name} is not recognised");
                continue;
            };
            let layout = layout.unwrap_or_else(|sentence| panic!("{name}: {sentence}"));
            assert_eq!(layout_told(&layout), told, "{name}");
            let piece = one_piece(&layout, &content);
            count.add(&read_rows(&layout, &piece));
        }
        differences.extend(count.compare(file, &expected));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn answers_that_hold_no_plays_are_refused_in_the_services_words() {
    let Some(shared) = shared() else { return };
    let sentence = |file: &str| {
        let content = bytes(&shared.join("data").join(file));
        recognise(file, &content, &Hints::default()).map(|layout| layout.unwrap_err())
    };
    let said = |file: &str| {
        sentence(&format!("lastfm_json/elamperti__OpenWebScrobbler__getRecentTracks.{file}.json")).unwrap()
    };
    assert!(said("private").contains("Login: User required to be logged in (error 17)"));
    assert!(said("invalid").contains("User not found (error 6)"));
    for chart in ["AlbumChart", "ArtistChart", "ChartList", "TrackChart"] {
        let sentence = sentence(&format!("enrichment/inflatablefriends__lastfm__UserGetWeekly{chart}.json")).unwrap();
        assert!(sentence.contains("weekly"), "{sentence}");
    }
}

#[test]
fn every_recorded_sample_is_recognised_and_read() {
    let Some(shared) = shared() else { return };
    let samples = [
        ("koito/koito_export_test.json", 13, 13),
        ("lastfm-ghan/koito_recenttracks-shoko2-1749776100.json", 10, 10),
        ("lastfmstats/lastfmstats-TestUser_sample.json", 30, 30),
        ("maloja/koito_maloja_import_test.json", 38, 38),
        ("maloja/lb_maloja.json", 2, 2),
        ("maloja/lb_maloja_malformed.json", 3, 0),
        ("panoscrobbler/lb_panoscrobbler.jsonl", 2, 2),
        ("spotify-basic/StreamingHistory0_sample.json", 20, 20),
        ("spotify-basic/StreamingHistory_music_0_sample.json", 20, 20),
        ("spotify-basic/StreamingHistory_podcast_0_sample.json", 20, 0),
        ("spotify-extended/Streaming_History_Audio_2024_ip_addr_era_sample.json", 12, 10),
        ("spotify-extended/Streaming_History_Audio_2024_username_era_sample.json", 10, 8),
        ("spotify-extended/endsong_2021_sample.json", 17, 16),
        ("spotify-extended/koito_Streaming_History_Audio.json", 39, 39),
        ("spotify-extended/lb_spotify_skipped_tracks.json", 15, 15),
        ("spotify-extended/lb_spotify_streaming_2023.json", 5, 5),
        ("spotify-extended/lb_spotify_streaming_endsong_0.json", 5, 5),
        ("youtube-takeout/watch-history_sample.json", 12, 7),
        ("../listenbrainz/export/lb_all_invalid.jsonl", 3, 0),
        ("../listenbrainz/export/lb_listens.jsonl", 2, 2),
        ("../listenbrainz/export/lb_mixed_validity.jsonl", 5, 3),
    ];
    for (file, rows, plays) in samples {
        let content = bytes(&shared.join("fixtures/formats").join(file));
        let layout = recognise(file, &content, &Hints::default()).unwrap_or_else(|| panic!("{file}")).unwrap();
        let piece = one_piece(&layout, &content);
        let read = read_rows(&layout, &piece);
        assert_eq!((read.count, read.plays.len()), (rows, plays), "{file}: {:?}", read.left_out);
        for cut in (0..content.len()).step_by(content.len() / 40 + 1) {
            let _ = recognise(file, &content[..cut], &Hints::default());
            let _ = read_rows(&layout, &piece[..cut.min(piece.len())]);
        }
    }
}
