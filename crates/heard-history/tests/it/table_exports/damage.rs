//! Damage costs the rows that it hit, and no others.

use fastrand::Rng;
use heard_history::facts::{Reason, Why};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Format, Framing, Hints, Layout};
use heard_history::normalise::recognise_text::recognise;

use super::{BAD_TIME, MALFORMED, assert_adds_up, layout_of, left_out, plays, rows_of, sure_layout};
use crate::seeds;

const HEADER: &str = "uts,artist,track,album\n";

fn rows(body: &str) -> (Vec<String>, Vec<(u32, Why)>) {
    let text = format!("{HEADER}{body}");
    (plays("x.csv", &text), left_out("x.csv", &text))
}

#[test]
fn too_few_and_too_many_fields_are_malformed_unless_the_others_are_empty() {
    let (plays, left_out) =
        rows("1675170309,Odo,Weit,Ufer\n1675170309,Odo,We\n1675170309,Odo,We,it,Ufer\n1675170308,Odo,Weit,Ufer,,\n");
    assert_eq!(plays, ["1675170309 Odo|Ufer|Weit", "1675170308 Odo|Ufer|Weit"]);
    assert_eq!(left_out, [(1, MALFORMED), (2, MALFORMED)]);
}

#[test]
fn a_quote_that_is_never_closed_costs_its_own_line() {
    let (plays, left_out) = rows(
        "1,\"Odo,Weit\n1675170309,Odo,Weit,Ufer\n1675170308,\"Odo\",\"Hin\",\"Ufer\"\n2,\"Odo\n1675170307,Odo,Her,Ufer",
    );
    assert_eq!(plays, ["1675170309 Odo|Ufer|Weit", "1675170308 Odo|Ufer|Hin", "1675170307 Odo|Ufer|Her"]);
    assert_eq!(left_out, [(0, MALFORMED), (3, MALFORMED)]);
}

#[test]
fn a_file_cut_off_inside_quotes_loses_its_last_row_alone() {
    let (plays, left_out) = rows("\"1675170309\",\"Odo\",\"Weit\",\"Ufer\"\n\"1675170308\",\"Odo\",\"We");
    assert_eq!(plays, ["1675170309 Odo|Ufer|Weit"]);
    assert_eq!(left_out, [(1, MALFORMED)]);
}

#[test]
fn quotes_that_nobody_doubled_are_read_as_they_were_meant() {
    let (plays, left_out) = rows(
        "1675170309,\"Odo \"der\" Erste\",\"Weit\",\"Ufer\"\n1675170308,\"Odo\" Erste,Weit,Ufer\n1675170307,Odo 7\",Weit 12\",\n",
    );
    assert_eq!(
        plays,
        [
            "1675170309 Odo \"der\" Erste|Ufer|Weit",
            "1675170308 \"Odo\" Erste|Ufer|Weit",
            "1675170307 Odo 7\"|-|Weit 12\""
        ]
    );
    assert_eq!(left_out, []);
}

#[test]
fn lines_are_counted_through_names_that_span_them() {
    let (plays, left_out) = rows("1675170309,\"Odo\nZwei\",Weit,\n\n\r\n1675170308,,Weit,\nx,Odo,Weit,\n");
    assert_eq!(plays, ["1675170309 Odo\nZwei|-|Weit"]);
    assert_eq!(left_out, [(4, Why::Reject(Reason::NoArtist)), (5, BAD_TIME)]);
}

#[test]
fn what_is_no_text_is_left_out_and_shown() {
    let mut text = format!("{HEADER}1675170309,Odo,Weit,Ufer\n").into_bytes();
    text.extend_from_slice(b"1675170308,Od\xffo,Weit,Ufer\n1675170307,Od\0o,Weit,Ufer\n1675170306,Odo,Hin,Ufer\n");
    let layout = layout_of("x.csv", &text).unwrap().unwrap();
    let rows = rows_of(&layout, &text);
    assert_eq!(rows.plays.len(), 2);
    let reasons: Vec<_> = rows.left_out.iter().map(|row| row.why).collect();
    assert_eq!(reasons, [Reason::NotUtf8, Reason::Nul].map(Why::Reject));
    assert_eq!(rows.left_out[0].text.to_lowercase(), "1675170308,od\\xffo,weit,ufer");
}

#[test]
fn a_long_row_is_shown_in_part() {
    let long = "ü".repeat(3_000);
    let (plays, left_out) = rows(&format!("x,{long},Weit,Ufer\n1675170309,{long},Weit,Ufer\n"));
    assert_eq!(left_out, [(0, BAD_TIME)]);
    assert_eq!(plays.len(), 1);
}

#[test]
fn the_sample_may_end_inside_a_record() {
    let row = "\"1675170309\",\"31 Jan 2023, 13:05\",\"Odo\nder Erste\",\"\",\"Ufer\",\"\",\"Weit\",\"\"\n";
    let text = format!("uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\n{}", row.repeat(2_000));
    assert!(text.len() > 64 * 1024);
    let whole = sure_layout("x.csv", &text);
    assert_eq!(rows_of(&whole, text.as_bytes()).plays.len(), 2_000);
}

#[test]
fn a_layout_without_its_table_rejects_every_row() {
    let mut layout = sure_layout("x.csv", &format!("{HEADER}1675170309,Odo,Weit,Ufer\n"));
    let columns = layout.table.as_mut().map(|table| std::mem::take(&mut table.columns)).unwrap();
    assert!(!columns.is_empty());
    for format in [Format::Table, Format::AppleMusic] {
        for table in [layout.table.clone(), None] {
            let layout = Layout { format, table, ..layout.clone() };
            let rows = read_rows(&layout, b"1675170309,Odo,Weit,Ufer\n\"x\n");
            assert_eq!((rows.count, rows.plays.len()), (2, 0), "{layout:?}");
        }
    }
}

/// Files of every kind, to be damaged.
fn kinds() -> Vec<String> {
    let apple = "Artist Name,Content Name,Event Start Timestamp,Event End Timestamp,Event Type,Item Type,Media Type,Play Duration Milliseconds,UTC Offset In Seconds\n\
        Odo,Weit,2018-01-01T10:00:00.5Z,2018-01-01T10:03:00.1Z,PLAY_END,ITUNES_STORE_CONTENT,AUDIO,179600,3600\n";
    [
        "uts,utc_time,artist,artist_mbid,album,album_mbid,track,track_mbid\r\n\"1675170309\",\"31 Jan 2023, 13:05\",\"Odo\",\"\",\"\",\"\",\"W \"\"t\"\"\",\"\"\r\n",
        "Odo,Ufer,Weit,20 Nov 2020 09:35\nOdo,Ufer,Hin,\n",
        "1441859348\tWeit\tOdo\tUfer\t\t\t\n",
        "Weit;Ufer;Odo;13 Feb 2009, 09:34;1234517656\n",
        "\"\",\"uts\",\"artist\",\"track\"\n\"1\",1675170309,\"NA\",\"Weit\"\n",
        "# c\nArtist,Track,Time\nOdo,Weit,1690347960\n",
        "artist,track,when\nOdo,Weit,31/12/2023 13:05:60\n",
        "#AUDIOSCROBBLER/1.1\n#TZ/UNKNOWN\n#CLIENT/X\nOdo\tUfer\tWeit\t1\t200\tL\t1441747021\t\n",
        apple,
    ]
    .map(str::to_owned)
    .into()
}

fn damaged(text: &str, random: &mut Rng) -> Vec<u8> {
    let mut bytes = text.repeat(random.usize(1..4)).into_bytes();
    for _ in 0..random.usize(0..12) {
        let at = random.usize(..=bytes.len());
        match random.u8(..6) {
            0 => bytes.truncate(at),
            1 => bytes.insert(at, b"\",;\t\n\r\0\xff#'-"[random.usize(..11)]),
            2 if at < bytes.len() => bytes[at] = random.u8(..),
            3 if at < bytes.len() => drop(bytes.remove(at)),
            4 => bytes.extend_from_within(at..),
            _ => bytes.rotate_left(at),
        }
    }
    bytes
}

#[test]
fn no_bytes_make_a_reader_panic_or_lose_a_row() {
    let kinds = kinds();
    let layouts: Vec<Layout> = kinds.iter().map(|text| sure_layout("x.csv", text)).collect();
    seeds::each(3_000, |seed| {
        let random = &mut Rng::with_seed(seed);
        let text = damaged(&kinds[random.usize(..kinds.len())], random);
        let zone = [None, Some("Europe/Berlin"), Some("No/Such_Zone")][random.usize(..3)].map(str::to_owned);
        let hints = Hints { zone: zone.clone(), ..Hints::default() };
        if let Some(Ok(layout)) = recognise("x.csv", &text, &hints) {
            assert_adds_up(&read_rows(&layout, &text));
        }
        let layout = Layout { zone, ..layouts[random.usize(..layouts.len())].clone() };
        assert_adds_up(&read_rows(&layout, &text));
    });
}

#[test]
fn unclosed_quotes_on_every_line_take_no_time_of_their_own() {
    let layout = sure_layout("x.csv", &format!("{HEADER}1675170309,Odo,Weit,Ufer\n"));
    assert_eq!(layout.framing, Framing::Table);
    for line in ["a\",\",x\n", ",\"\n", "\"\n", "\"\"\"\n", "a,\"b\n"] {
        let piece = line.repeat(300_000);
        let rows = read_rows(&layout, piece.as_bytes());
        assert!(rows.plays.is_empty());
        assert!(rows.count > 1_000, "{} rows of {line:?}", rows.count);
    }
}
