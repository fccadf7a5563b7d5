//! Players' logs and Apple's activity.

use heard_history::facts::{Clock, Other, Reason, Why};
use heard_history::listen::Service;
use heard_history::normalise::layout::{Format, Framing, Hints};

use super::{
    BAD_TIME, MALFORMED, NO_TIME, brief, layout_of, layout_with, left_out, plays, refusal, rows_of, sure_layout,
};

const LOG: &str = "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/Made up\n#ARTIST\t#ALBUM\t#TITLE\t#TRACKNUM\t#LENGTH\t#RATING\t#TIMESTAMP\t#MUSICBRAINZ_TRACKID\n";

fn log(body: &str) -> String {
    format!("{LOG}{body}")
}

#[test]
fn a_log_tells_what_was_heard_and_what_was_skipped() {
    let text = log("Odo\tUfer\tNo. #1 \"weit\"\t1\t200\tL\t1675170309\tan-id\n\
        Odo\t\tHin\t\t200\tS\t1675170310\t\n# anywhere\n<Untagged>\t\tx.mp3\t0\t1\t\t1675170311\t\r\n#1 Band\tUfer\tHer\t1\t200\tL\t1675170312\t\n");
    let layout = sure_layout(".scrobbler.log", &text);
    assert_eq!((layout.format, &layout.framing, layout.skip_lines), (Format::ScrobblerLog, &Framing::Lines, 4));
    assert_eq!((layout.service, &layout.table), (Service::Player, &None));
    let rows = rows_of(&layout, text.as_bytes());
    assert_eq!(rows.plays[0].recording_mbid.as_deref(), Some("an-id"));
    assert_eq!(rows.plays[0].sounding.ms_played, None, "a length is not time played");
    assert_eq!(
        plays("x", &text),
        ["1675170309 Odo|Ufer|No. #1 \"weit\"", "1675170311 <Untagged>|-|x.mp3", "1675170312 #1 Band|Ufer|Her"]
    );
    assert_eq!(left_out("x", &text), [(1, Why::Other(Other::Skipped))]);
    assert_eq!(rows.plays.iter().map(|play| play.row).collect::<Vec<_>>(), [0, 2, 3], "comments are no rows");
}

#[test]
fn damaged_lines_of_a_log_are_left_out_alone() {
    let text = log("Odo\tUfer\tWeit\t1\t200\tX\t1675170309\t\nOdo\tUfer\n\nOdo\tUfer\tWeit\t1\t200\tL\tgestern\t\n\
        Odo\tUfer\tWeit\t1\t200\tL\t\t\n\tUfer\tWeit\t1\t200\tL\t1675170309\t\nOdo\tUfer\t \t1\t200\tL\t1675170309\t\n\
        Odo\tUfer\tWeit\t1\t200\tL\t0\nOdo\tUfer\tWeit\t1\t200\tL\t1675170309\t\tmore\n");
    let expected = [
        (0, MALFORMED),
        (1, MALFORMED),
        (3, BAD_TIME),
        (4, NO_TIME),
        (5, Why::Reject(Reason::NoArtist)),
        (6, Why::Reject(Reason::NoTrack)),
    ];
    assert_eq!(left_out("x.log", &text), expected);
    assert_eq!(
        plays("x.log", &text),
        ["0 Odo|Ufer|Weit", "1675170309 Odo|Ufer|Weit"],
        "without an id, undated; more fields"
    );
}

#[test]
fn a_player_that_does_not_know_its_zone_writes_local_time() {
    let text = log("Odo\tUfer\tWeit\t1\t200\tL\t1675170309\t\nOdo\tUfer\tHin\t1\t200\tL\t0\t\n");
    let hints = Hints { zone: Some("Europe/Berlin".to_owned()), ..Hints::default() };
    let read = |text: &str| {
        let layout = layout_with("x.log", text.as_bytes(), &hints).unwrap().unwrap();
        rows_of(&layout, text.as_bytes()).plays.iter().map(brief).collect::<Vec<_>>()
    };
    assert_eq!(read(&text), ["1675166709 Odo|Ufer|Weit", "0 Odo|Ufer|Hin"]);
    assert_eq!(read(&text.replace("TZ/UNKNOWN", "TZ/UTC"))[0], "1675170309 Odo|Ufer|Weit");
}

const APPLE: &str = "Artist Name,Content Name,Album Name,Event Start Timestamp,Event End Timestamp,Event Type,End Reason Type,Item Type,Media Type,Offline,Play Duration Milliseconds,UTC Offset In Seconds\n";

#[test]
fn apples_plays_have_a_start_and_an_end() {
    let row = "Odo,Weit,Ufer,2018-01-31T13:00:00.900Z,2018-01-31T13:03:09.100Z,PLAY_END,NATURAL_END_OF_TRACK,ITUNES_STORE_CONTENT,AUDIO,False,188200,3600.0\n";
    let text = format!("{APPLE}{row}");
    let layout = sure_layout("Apple Music Play Activity.csv", &text);
    assert_eq!((layout.format, layout.service), (Format::AppleMusic, Service::Applemusic));
    let rows = rows_of(&layout, text.as_bytes());
    let play = &rows.plays[0];
    assert_eq!(brief(play), "1517403600 Odo|Ufer|Weit");
    let sounding = &play.sounding;
    assert_eq!(
        (sounding.ended_at, sounding.ms_played, sounding.clock),
        (Some(1_517_403_789), Some(188_200), Clock::Both)
    );
    assert_eq!((sounding.skipped, sounding.offline, sounding.incognito), (Some(false), Some(false), None));
}

#[test]
fn apples_other_rows_are_known() {
    let end = "2018-01-31T13:03:09Z";
    let rows = [
        format!("Odo,Weit,,,{end},,TRACK_SKIPPED_FORWARDS,ITUNES_STORE_CONTENT,,,9500.0,\n"),
        format!("Odo,Weit,,,{end},PLAY_END,,ITUNES_STORE_CONTENT,,True,-149505,\n"),
        format!("Odo,Weit,,,{end},PLAY_END,,ITUNES_STORE_CONTENT,VIDEO,,1,\n"),
        format!("Odo,Weit,,,{end},LYRIC_DISPLAY,,ITUNES_STORE_CONTENT,,,1,\n"),
        format!("Odo,Weit,,,{end},PLAY_START,,ITUNES_STORE_CONTENT,,,1,\n"),
        format!(",,,,{end},PLAY_END,,AGGREGATE_NON_CATALOG_PLAY_TIME,,,1,\n"),
        format!(",Weit,,,{end},PLAY_END,,ITUNES_STORE_CONTENT,,,1,\n"),
        "Odo,Weit,,,,PLAY_END,,ITUNES_STORE_CONTENT,,,1,\n".to_owned(),
        "Odo,Weit,,,gestern,PLAY_END,,ITUNES_STORE_CONTENT,,,1,\n".to_owned(),
        "Odo,Weit,PLAY_END\n".to_owned(),
        "Odo,Weit,,2018-01-31T14:03:09,2018-01-31T13:03:10Z,PLAY_END,,ITUNES_STORE_CONTENT,,,1,3600\n".to_owned(),
    ];
    let text = format!("{APPLE}{}", rows.concat());
    let layout = sure_layout("a.csv", &text);
    let rows = rows_of(&layout, text.as_bytes());
    let [skipped, negative, without_zone] = &rows.plays[..] else { panic!("{rows:?}") };
    assert_eq!(
        (skipped.played_at, skipped.sounding.skipped, skipped.sounding.clock),
        (1_517_403_780, Some(true), Clock::End)
    );
    assert_eq!((negative.played_at, negative.sounding.ms_played), (1_517_403_789, Some(-149_505)));
    assert_eq!((without_zone.played_at, without_zone.sounding.ended_at), (1_517_403_789, Some(1_517_403_790)));
    let not_a_play = Why::Other(Other::NotAPlay);
    let why: Vec<Why> = rows.left_out.iter().map(|row| row.why).collect();
    let no_artist = Why::Reject(Reason::NoArtist);
    assert_eq!(
        why,
        [Why::Other(Other::Video), not_a_play, not_a_play, not_a_play, no_artist, NO_TIME, BAD_TIME, MALFORMED]
    );
}

#[test]
fn newer_names_of_apple_are_known_and_a_file_without_artists_is_refused() {
    let newer = "Song Name,Container Artist Name,Event End Timestamp,Event Type,Item Type,Play Duration Milliseconds\n\
        Weit,Odo,2018-01-31T13:03:09Z,PLAY_END,ITUNES_STORE_CONTENT,1000\n";
    assert_eq!(plays("a.csv", newer), ["1517403788 Odo|-|Weit"]);
    let without = newer.replace("Container Artist Name", "Something");
    assert!(refusal("a.csv", &without).contains("names no artists"));
    assert!(
        layout_of("a.csv", b"Track Description,Date Played,Play Duration Milliseconds\nOdo - Weit,20180131,5\n")
            .unwrap()
            .is_err()
    );
}
