//! Whole files: `heard scrobble --file`.

#![allow(clippy::disallowed_methods, reason = "what a test writes into its throw-away folder may be lost")]

use std::fmt::Write as _;

use fakefm::Play;
use serde_json::Value;

use super::*;

/// A table as people write it, with moments so many seconds before the present.
fn table(rows: &[(&str, &str, i64, &str)]) -> String {
    let now = heard_api::Clock::system().now();
    let mut text = String::from("artist,title,album,played_at,duration,track_number\n");
    for (artist, title, ago, length) in rows {
        writeln!(text, "\"{artist}\",\"{title}\",Nine,{},{length},1", now - ago).unwrap();
    }
    text
}

impl Desk {
    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> String {
        let path = self.home.beside(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    fn collect(&self) {
        self.run(&["sync", "--user", USER, "--url", &self.fake.url(), "--rate", "0", "-q"]).good();
    }

    /// Sends a file to the account at the fake Last.fm.
    fn send(&self, file: &str, more: &[&str]) -> Ran {
        let url = self.fake.url();
        let words = ["scrobble", "--file", file, "--user", USER, "--url", &url, "--rate", "0"];
        self.run(&[&words[..], more].concat())
    }
}

/// Of each row its number and its result.
fn results(document: &Value) -> Vec<(i64, String)> {
    let rows = document["rows"].as_array().unwrap().iter();
    rows.map(|row| (row["row"].as_i64().unwrap(), row["result"].as_str().unwrap().to_owned())).collect()
}

const DAY: i64 = 86_400;

/// One row of every kind.
fn all_kinds(now: i64) -> String {
    let mut text = table(&[
        ("Mira Vale", "Tidewater", 5_000, "00:04:19"),
        ("Ida Kestrl", "Song 1", 4_500, "4:19"),
        ("Various Artists", "Nobody's", 4_000, "259"),
        ("Mira Vale", "There", 3_500, ""),
        ("Mira Vale", "There, nearly", 3_000, "259"),
        ("Mira Vale", "Tidewater", 5_000, "259"),
        ("Mira Vale", "Short", 2_500, "0:20"),
        ("undefined", "Nine", 2_400, "259"),
        ("Mira Vale", "Tomorrow", -DAY, "259"),
        ("Mira Vale", "Old", 20 * DAY, "259"),
        ("", "Nobody's, too", 2_300, "259"),
        ("Iron Coast", "=HYPERLINK(1)\u{202e}", 2_200, "259"),
    ]);
    writeln!(text, "Mira Vale,Milliseconds,Nine,{},259,1", (now - 2_100) * 1000).unwrap();
    text.push_str("Mira Vale,Timeless,Nine,,259,1\n");
    text
}

fn desk_of_all_kinds(now: i64) -> Desk {
    let mut writing = Writing::default();
    writing.corrections.add("artist:Ida Kestrl=Ida Kestrel").unwrap();
    let desk = Desk::with(writing);
    let there = [Play::new(now - 3_500, "mira vale", "There"), Play::new(now - 3_020, "Mira Vale", "There, Nearly")];
    desk.fake.world().listener().extend(there);
    desk
}

/// One row was refused by the service, and that is said.
#[track_caller]
fn refused(ran: Ran) -> Ran {
    ran.refused(65, "the service does not take 1 row of the file: 1 ignored", "--results results.csv")
}

#[test]
fn each_row_of_a_file_is_told_what_became_of_it() {
    let now = heard_api::Clock::system().now();
    let desk = desk_of_all_kinds(now);
    desk.collect();
    let file = desk.file("plays.csv", all_kinds(now));
    told(&desk, "scrobble_file_dry_run", &desk.send(&file, &["--dry-run"]).good());
    assert_eq!(desk.fake.writes().len(), 0);
    let kept = desk.home.beside("results.csv");
    told(&desk, "scrobble_file", &refused(desk.send(&file, &["--results", kept.to_str().unwrap()])));
    let text = fs::read_to_string(&kept).unwrap();
    let again = refused(desk.send(&file, &["--csv"]));
    assert_eq!(again.stdout, text, "what a second run says is what the first one wrote");
    told(&desk, "scrobble_file_csv", &again);
    let document = refused(desk.send(&file, &["--json"])).json();
    let expected = [
        "accepted",
        "corrected",
        "ignored",
        "already_there",
        "already_there",
        "left_out",
        "left_out",
        "left_out",
        "left_out",
        "left_out",
        "left_out",
        "accepted",
        "left_out",
        "left_out",
    ];
    assert_eq!(results(&document), (1..).zip(expected.map(str::to_owned)).collect::<Vec<_>>());
    let reasons: Vec<_> = document["rows"].as_array().unwrap().iter().map(|row| row["reason"].as_str()).collect();
    let of_some: Vec<&str> = reasons.into_iter().flatten().collect();
    assert_eq!(of_some, ["repeated", "too_short", "no_name", "future", "too_old", "no_artist", "bad_time", "no_time"]);
    let texts: Vec<_> = document["rows"].as_array().unwrap().iter().map(|row| row["text"].as_str()).collect();
    assert!(
        texts[10].is_some_and(|text| text.contains("Nobody's, too")),
        "what is known of a row without names: {texts:?}"
    );
    assert_eq!(texts.iter().flatten().count(), 3, "{texts:?}");
    assert_eq!(document["rows"][1]["corrected_artist"], "Ida Kestrel");
    assert_eq!(document["rows"][4]["there_at"], now - 3_020);
    assert_eq!((&document["rows"][2]["code"], &document["rows"][11]["line"]), (&json!(1), &json!(13)));
    assert_eq!(
        document["total"],
        json!({"accepted": 2, "already_there": 2, "corrected": 1, "ignored": 1, "left_out": 8})
    );
    let writes = desk.fake.writes();
    assert_eq!(writes.iter().map(|write| write.rows.len()).collect::<Vec<_>>(), [4], "once, and only what may go");
    assert_eq!(desk.fake.world().listener().holdings().len(), 5);
}

#[test]
fn what_the_account_has_must_be_known() {
    let desk = Desk::new();
    let file = desk.file("plays.csv", table(&[("Mira Vale", "Nine", 500, ""), ("Mira Vale", "Ten", 100, "")]));
    desk.send(&file, &[]).refused(75, "nothing was collected of lastfm/ann", "heard sync; or");
    let shown = desk.send(&file, &["--dry-run", "--json"]).good().json();
    assert_eq!(results(&shown), [(1, "unknown".to_owned()), (2, "unknown".to_owned())]);
    assert_eq!(desk.fake.writes().len(), 0);
    desk.collect();
    desk.send(&file, &[]).good();
    assert_eq!(desk.held().len(), 2);
    // What was played after the last sync is not known either.
    let later = desk.file("later.csv", table(&[("Mira Vale", "Eleven", 0, "")]));
    let unknown = desk.send(&later, &[]);
    if unknown.code() != 0 {
        unknown.refused(75, "whether lastfm/ann has 1 play of this file is not known", "--unchecked");
        desk.send(&later, &["--unchecked"]).good();
    }
    assert_eq!(desk.held().len(), 3);
    let other = Desk::new();
    let file = other.file("plays.csv", table(&[("Mira Vale", "Nine", 500, "")]));
    other.send(&file, &["--unchecked"]).good();
    assert_eq!(other.held(), [pair("Mira Vale", "Nine")]);
}

#[test]
fn a_file_is_sent_on_where_it_stopped() {
    let desk = Desk::new();
    let rows: Vec<_> = (0..120).map(|n| (format!("Artist {}", n % 7), format!("Track {n}"), 9_000 - n * 60)).collect();
    let rows: Vec<_> = rows.iter().map(|(artist, title, ago)| (&**artist, &**title, *ago, "4:00")).collect();
    let file = desk.file("plays.csv", table(&rows));
    let kept = desk.home.beside("results.csv");
    let more = ["--unchecked", "--results", kept.to_str().unwrap()];
    desk.fake.fail(When::Requests(2..99), Fault::lost_answer());
    let stopped = desk.send(&file, &more).refused(75, "the service cannot be used now", "heard outbox send");
    assert!(stopped.stdout.contains("waiting") && stopped.stdout.contains("accepted"), "{stopped}");
    let counted = |word: &str| fs::read_to_string(&kept).unwrap().lines().filter(|line| line.contains(word)).count();
    assert_eq!((counted(",accepted,"), counted(",waiting,")), (50, 70));
    desk.fake.fail_no_more();
    desk.send(&file, &more).good();
    assert_eq!((counted(",accepted,"), counted(",waiting,")), (120, 0));
    assert_eq!(desk.held().len(), 120);
    // What comes back with the history is the same, and nothing is sent again.
    let writes = desk.fake.writes().len();
    desk.collect();
    desk.send(&file, &more).good();
    assert_eq!((counted(",accepted,"), desk.fake.writes().len()), (120, writes));
    assert_eq!(desk.run(&["listens", "--count"]).good().stdout, "120\n");
}

#[test]
fn what_cannot_be_sent_is_refused_with_the_reason() {
    let desk = Desk::new();
    let good = desk.file("good.csv", table(&[("Mira Vale", "Nine", 500, "")]));
    for (name, text, says) in [
        ("empty.csv", "", "is empty"),
        ("diary.txt", "dear diary, today I heard nothing at all\n", "holds no listening history"),
        ("no-time.csv", "artist,title,album\nMira Vale,Nine,Salt\n", "no column tells when something was played"),
        ("no-title.csv", "artist,played_at\nMira Vale,2026-05-01 12:00\n", "no column names the tracks"),
        ("days.csv", "artist,title,played_at\nMira Vale,Nine,2026-05-01\n", "a date and a time of day are needed"),
        ("page.csv", "<!doctype html><p>sorry</p>\n", "is an HTML page"),
    ] {
        desk.send(&desk.file(name, text), &["--unchecked"]).refused(65, says, "heard import --help");
    }
    let headed = desk.file("headed.csv", "artist,title,played_at\n");
    desk.send(&headed, &["--unchecked"]).refused(65, "has no play that can be sent: it has no rows", "--dry-run");
    let short = desk.file("short.csv", table(&[("Mira Vale", "Nine", 500, "0:30"), ("undefined", "Nine", 400, "")]));
    let ran = desk.send(&short, &["--unchecked"]);
    ran.refused(65, "1 a name that says there is none; 1 too short, or", "--dry-run");
    let folder = desk.home.beside("");
    desk.send(folder.to_str().unwrap(), &[]).refused(65, "is a folder, and --file takes one file", "ls ");
    desk.send("nowhere.csv", &[]).refused(65, "nowhere.csv", "heard import --help");
    let nowhere = desk.home.beside("no/such/results.csv");
    desk.send(&good, &["--unchecked", "--results", nowhere.to_str().unwrap()]).refused(74, "results.csv", "mkdir -p");
    for more in [
        &["--artist", "Mira Vale"][..],
        &["--at", "10m"],
        &["--as", "wishes"],
        &["--columns", "artist"],
        &["--results", "r.csv", "--dry-run"],
    ] {
        assert_eq!(desk.send(&good, more).code(), 2, "{more:?}");
    }
    assert_eq!(desk.run(&["scrobble", "--unchecked", "--artist", "A", "--track", "T"]).code(), 2);
    assert_eq!(desk.run(&["scrobble"]).code(), 2);
    assert_eq!(desk.fake.writes().len(), 0);
}

/// What is wrong with a row costs that row, whatever it is, and nothing goes twice.
#[test]
fn names_of_every_kind_cost_their_own_row_at_most() {
    let desk = Desk::new();
    let long = "ü".repeat(15_500);
    let file = desk.file(
        "plays.csv",
        table(&[
            ("Mira Vale", "Before", 900, ""),
            ("Mira Vale", &long, 800, ""),
            ("Mira Vale", "N\0thing", 700, ""),
            ("Mira Vale", "\u{1b}[2J\u{202e}", 600, ""),
            (" ", "Nobody's", 500, ""),
            ("Mira Vale", " ", 400, ""),
            ("Mira Vale", "After", 300, ""),
        ]),
    );
    let document = desk.send(&file, &["--unchecked", "--json"]).json();
    let fates: Vec<String> = results(&document).into_iter().map(|(_, result)| result).collect();
    for (row, fate) in
        [(0, "accepted"), (2, "left_out"), (3, "accepted"), (4, "left_out"), (5, "left_out"), (6, "accepted")]
    {
        assert_eq!(fates[row], fate, "{fates:?}");
    }
    assert!(
        ["accepted", "parked", "ignored"].contains(&fates[1].as_str()),
        "the service says what it makes of it: {fates:?}"
    );
    let (held, writes) = (desk.held().len(), desk.fake.writes().len());
    assert!(held >= 3, "each once");
    let again = desk.send(&file, &["--unchecked", "--json"]).json();
    assert_eq!(results(&again), results(&document));
    assert_eq!((desk.held().len(), desk.fake.writes().len()), (held, writes), "nothing goes twice");
}

#[test]
fn a_players_log_goes_to_every_account_by_its_own_rules() {
    let desk = Desk::new().configured();
    let now = heard_api::Clock::system().now();
    // A player whose clock is that of Tokyo, written as if it were UTC.
    let shown = |ago: i64| now - ago + 9 * 3600;
    let log = format!(
        "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/Made up\nMira Vale\tNine\tTidewater\t3\t259\tL\t{}\t\n\
         Mira Vale\tNine\tSkipped\t4\t259\tS\t{}\t\nMira Vale\tNine\tOld\t5\t259\tL\t{}\t\n",
        shown(3_600),
        shown(3_000),
        shown(30 * DAY),
    );
    let file = desk.file(".scrobbler.log", log);
    let words = ["scrobble", "--file", &file, "--rate", "0", "--zone", "Asia/Tokyo", "--unchecked", "--json"];
    let document = desk.run(&words).good().json();
    let expected = ["accepted", "left_out", "left_out", "accepted", "left_out", "accepted"];
    assert_eq!(results(&document).into_iter().map(|(_, result)| result).collect::<Vec<_>>(), expected);
    assert_eq!(desk.held(), [pair("Mira Vale", "Tidewater")]);
    assert_eq!(desk.held_by_brainz().len(), 2);
    assert_eq!(desk.fake.writes()[0].rows[0].uts, Some(now - 3_600));
    assert_eq!(document["rows"][0]["line"], 4);
}

#[test]
fn what_was_private_is_told_to_nobody() {
    let desk = Desk::new();
    let now = heard_api::Clock::system().now();
    let streamed = |title: &str, ago: i64, more: &str| {
        let ended = crate::import_kills::jiff_time(now - ago);
        format!(
            "{{\"ts\":\"{ended}\",\"ms_played\":180000,\"master_metadata_track_name\":\"{title}\",\
             \"master_metadata_album_artist_name\":\"Mira Vale\",\"master_metadata_album_album_name\":\"Nine\",\
             \"spotify_track_uri\":\"spotify:track:1\",\"episode_name\":null,\"reason_end\":\"trackdone\",{more}}}"
        )
    };
    let plays = [
        streamed("Heard", 9_000, "\"skipped\":false,\"incognito_mode\":false"),
        streamed("Private", 8_000, "\"skipped\":false,\"incognito_mode\":true"),
        streamed("Passed over", 7_000, "\"skipped\":true,\"incognito_mode\":false"),
    ];
    let file = desk.file("endsong_0.json", format!("[{}]", plays.join(",")));
    let ran = desk.send(&file, &["--unchecked"]).good();
    assert!(ran.stderr.contains("left out: 1 of a private session; 1 skipped"), "{ran}");
    assert_eq!(desk.held(), [pair("Mira Vale", "Heard")]);
    assert_eq!(desk.fake.writes()[0].rows[0].uts, Some(now - 9_000 - 180), "it began three minutes before it ended");
}

#[test]
fn columns_can_be_named_and_a_zip_is_looked_into() {
    let desk = Desk::new();
    let now = heard_api::Clock::system().now();
    let file =
        desk.file("odd.txt", format!("Tidewater;Mira Vale;{};4:19\nSalt;Mira Vale;{};4:19\n", now - 900, now - 600));
    let named = ["--as", "table", "--columns", "track=1,artist=2,time=3,length=4", "--unchecked"];
    desk.send(&file, &named).good();
    assert_eq!(desk.held().len(), 2);
    desk.send(&file, &["--as", "maloja", "--unchecked"]).refused(65, "cannot be told apart", "heard import --help");
    let zip = desk.home.beside("plays.zip");
    let mut writer = zip::ZipWriter::new(fs::File::create(&zip).unwrap());
    for (name, track) in [("a.csv", "Dawn"), ("b.csv", "Dusk"), ("readme.txt", "")] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        let text = if track.is_empty() { "nothing\n".to_owned() } else { table(&[("Mira Vale", track, 300, "4:00")]) };
        std::io::Write::write_all(&mut writer, text.as_bytes()).unwrap();
    }
    writer.finish().unwrap();
    let ran = desk.send(zip.to_str().unwrap(), &["--unchecked", "--csv"]).good();
    assert!(ran.stdout.contains("plays.zip/a.csv,1,2,") && ran.stdout.contains("plays.zip/b.csv,1,2,"), "{ran}");
    assert!(ran.stderr.contains("left alone: "), "{ran}");
    assert_eq!(desk.held().len(), 4);
}
