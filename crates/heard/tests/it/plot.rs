//! `heard plot`: every kind of picture, in the terminal and as files.

use std::fs;

use crate::commands::remembered;
use crate::home::Home;

/// Names that have broken pictures, among ordinary ones. The first are heard the most.
const ARTISTS: [&str; 14] = [
    "Mira Vale",
    "宵待ラジオ",
    "The Exceedingly Long Name of a Band That Nobody Could Ever Fit onto a Poster",
    "Nordlicht & Söhne",
    "نجمة الصباح",
    "<b>Bold</b> \"Quotes\" & 'Co'",
    "Кедр",
    "안개꽃",
    "🪐 Orbit",
    "\u{202e}Esrever",
    "Iron Coast",
    "Glass Harbour",
    "Ábel Őz",
    "Low Tide",
];

/// What services tell of the artists; of the last ones nothing.
const TAGS: [&[(&str, i64)]; 11] = [
    &[("trip hop", 100), ("downtempo", 40)],
    &[("city pop", 100), ("seen live", 90)],
    &[("post-rock", 70), ("shoegaze", 30)],
    &[("techno", 100)],
    &[("arabic", 100), ("pop", 20)],
    &[("industrial", 50), ("noise", 50)],
    &[("folk", 100), ("dub", 10)],
    &[("k-pop", 100)],
    &[("space rock", 80), ("krautrock", 20)],
    &[("\u{202e}kcor", 100), ("jazz", 20)],
    &[("black metal", 100)],
];

const KINDS: [&str; 13] = [
    "top-artists",
    "top-albums",
    "top-tracks",
    "clock",
    "punchcard",
    "calendar",
    "timeline",
    "race",
    "stream",
    "genres",
    "discoveries",
    "milestones",
    "wrapped",
];

/// Plays from March 2022 to June 2024, as a streaming service writes them; the same ones every time.
fn history() -> String {
    let mut state = 7_u64;
    let mut chance = |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut rows = Vec::new();
    for (year, months) in [(2022, 3..=12), (2023, 1..=12), (2024, 1..=6)] {
        for month in months {
            for _ in 0..(40 + chance(60)) {
                // Artists appear one after the other, and the later ones are heard less.
                let known = (u64::from(year == 2023) * 4 + u64::from(year == 2024) * 8 + 5).min(14);
                let artist = ARTISTS[usize::try_from(chance(known).min(chance(known))).unwrap()];
                let (day, hour, minute) = (1 + chance(28), (6 + chance(9) + chance(9)) % 24, chance(60));
                let song = 1 + chance(5);
                rows.push(serde_json::json!({
                    "ts": format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:00Z"),
                    "ms_played": 120_000 + chance(180_000),
                    "master_metadata_track_name": format!("Song {song}"),
                    "master_metadata_album_artist_name": artist,
                    "master_metadata_album_album_name": format!("Album {}", song % 2 + 1),
                    "spotify_track_uri": null,
                    "episode_name": null,
                    "reason_end": "trackdone",
                    "offline": false,
                    "skipped": false,
                }));
            }
        }
    }
    serde_json::Value::from(rows).to_string()
}

pub(crate) fn heard_of() -> Home {
    let home = Home::new();
    let file = home.beside("Streaming_History_Audio_2022-2024_0.json");
    #[expect(clippy::disallowed_methods, reason = "a file in a throw-away folder")]
    fs::write(&file, history()).unwrap();
    home.run(&["import", file.to_str().unwrap()]).good();
    let told: Vec<_> = ARTISTS.iter().zip(TAGS).map(|(artist, tags)| ("artist", *artist, "", tags)).collect();
    crate::genres::tell(&home, &told);
    home
}

#[test]
fn every_kind_in_the_terminal() {
    let home = heard_of();
    for kind in KINDS {
        // Anniversaries go on, play or no play.
        remembered(&home, &format!("plot_{kind}"), &home.run(&["plot", kind, "--to", "2024-07-01"]));
    }
    remembered(&home, "plot_timeline_of_a_year_beside_the_year_before", &home.run(&["plot", "timeline", "2023"]));
    remembered(&home, "plot_timeline_by_day", &home.run(&["plot", "timeline", "--month", "2024-02", "--by", "time"]));
    remembered(&home, "plot_race_of_a_year", &home.run(&["plot", "race", "2023", "-n", "5"]));
    remembered(
        &home,
        "plot_stream_of_days",
        &home.run(&["plot", "stream", "--month", "2024-02", "--by", "time", "-n", "2"]),
    );
    remembered(&home, "plot_wrapped_of_the_last_year", &home.run(&["plot", "wrapped"]));
    remembered(&home, "plot_wrapped_of_a_year", &home.run(&["plot", "wrapped", "2022"]));
}

#[test]
fn every_kind_as_files() {
    let home = heard_of();
    for kind in KINDS {
        let (svg, png) = (home.beside("picture.svg"), home.beside("picture.png"));
        home.run(&["plot", kind, "-o", svg.to_str().unwrap(), "--theme", "dark"]).good();
        let text = fs::read_to_string(svg).unwrap();
        let usual = if kind == "wrapped" { "1080" } else { "1000" };
        assert!(text.starts_with(&format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{usual}\"")), "{text}");
        assert!(!text.contains("<b>") && !text.contains('\u{202e}'), "{kind}: {text}");
        assert!(!text.contains("Nothing was counted") && !text.contains("no room"), "{kind}: {text}");
        let words = ["plot", kind, "-o", png.to_str().unwrap(), "--width", "640", "--height", "800", "--dpi", "192"];
        home.run(&words).good();
        let bytes = fs::read(png).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n");
        assert_eq!(bytes[16..20], 1280_u32.to_be_bytes(), "{kind}");
        assert_eq!(bytes[20..24], 1600_u32.to_be_bytes(), "{kind}");
    }
}

#[test]
fn a_year_can_be_typed_in_two_ways_but_not_in_both() {
    let home = heard_of();
    for kind in KINDS {
        let short = home.run(&["plot", kind, "2023"]).good().stdout;
        assert_eq!(short, home.run(&["plot", kind, "--year", "2023"]).good().stdout, "{kind}");
        assert!(short.contains("2023"), "{kind}: {short}");
    }
    let last = home.run(&["plot", "wrapped"]).good().stdout;
    assert_eq!(last, home.run(&["plot", "wrapped", "2024"]).good().stdout, "the last year with plays");
    for more in [&["--year", "2023"][..], &["--month", "2023-02"], &["--last", "7d"], &["--from", "2023-01-01"]] {
        let ran = home.run(&[&["plot", "clock", "2023"], more].concat());
        assert!(ran.code() == 2 && ran.stderr.contains("cannot be used with"), "{ran}");
    }
}

#[test]
fn a_picture_of_nothing_says_so() {
    let home = heard_of();
    for kind in KINDS {
        for more in [&["--artist", "nobody at all"][..], &["--year", "1999"], &["--year", "9998"]] {
            let words = [&["plot", kind], more].concat();
            let ran = home.run(&words).good();
            assert!(ran.stdout.contains("Nothing was counted here."), "{kind}\n{ran}");
            let svg = home.beside("nothing.svg");
            home.run(&[&words[..], &["-o", svg.to_str().unwrap()]].concat()).good();
            assert!(fs::read_to_string(&svg).unwrap().contains("Nothing was counted here."), "{kind}");
        }
    }
}

#[test]
fn no_limit_is_too_small_or_too_large() {
    let home = heard_of();
    for kind in KINDS {
        for limit in ["0", "1", "1000000"] {
            home.run(&["plot", kind, "-n", limit]).good();
            let png = home.beside("limit.png");
            home.run(&["plot", kind, "-n", limit, "-o", png.to_str().unwrap(), "--width", "300"]).good();
        }
    }
}
