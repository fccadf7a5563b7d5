//! Files that are damaged or hostile: each damage costs the record that it is in, and no memory.

use std::io::{self, Cursor, Read};

use fastrand::Rng;
use heard_history::facts::{LeftOut, Reason};
use heard_history::import::cut::{Cut, Piece, Sizes, cut};
use heard_history::import::inputs::decoded;
use heard_history::import::recognise::{Unrecognised, recognise};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Format, Framing, Hints, Layout};
use serde_json::value::RawValue;

use super::cuts::{elements, layout, lines, pieces, pieces_in};
use crate::seeds;

/// A stream that notes how much is asked of it at once.
struct Watched<R> {
    source: R,
    largest: usize,
}

impl<R: Read> Read for Watched<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.largest = self.largest.max(buffer.len());
        self.source.read(buffer)
    }
}

/// What becomes of a file that is too large to be held: its pieces, none of which is large.
fn stream(source: impl Read, layout: &Layout) -> (Vec<Piece>, Cut) {
    let mut all = Vec::new();
    let mut source = Watched { source, largest: 0 };
    let told = cut(&mut source, layout, &mut |piece: Piece| {
        assert!(piece.body.capacity() <= Sizes::default().record + 1024, "{}", piece.body.capacity());
        all.push(piece);
        Ok::<_, std::convert::Infallible>(())
    });
    assert!(source.largest <= 2 * Sizes::default().record, "{} bytes asked for at once", source.largest);
    (all, told.unwrap())
}

fn said(pieces: &[Piece]) -> Vec<(usize, Option<Reason>)> {
    pieces.iter().map(|piece| (piece.body.len(), piece.damage)).collect()
}

/// Many bytes of one kind.
fn many(byte: u8, count: u64) -> impl Read {
    io::repeat(byte).take(count)
}

const SHOWN: usize = LeftOut::LONGEST;
const LAST: &str = "{\"ts\":2}";

#[test]
fn a_record_that_is_too_long_is_passed_over() {
    let around = |middle: Box<dyn Read>| {
        Cursor::new("[{\"ts\":1},{\"ts\":").chain(middle).chain(Cursor::new(format!("}},\n{LAST}]")))
    };
    let text = Cursor::new("\"").chain(many(b'x', 1 << 30)).chain(Cursor::new("\""));
    let digits = many(b'1', 20 << 20);
    let nested = Cursor::new(b"{\"k\":1,\"k\":[{}],".repeat(4_000_000)).chain(Cursor::new("\"k\":0}"));
    let length = 1_u64 << 30;
    let bodies: [(&str, Box<dyn Read>, u64); 3] = [
        ("text", Box::new(text), length),
        ("digits", Box::new(digits), 20 << 20),
        ("keys", Box::new(nested), 60 << 20),
    ];
    for (name, middle, at_least) in bodies {
        let (pieces, told) = stream(around(middle), &elements(None));
        assert!(told.bytes > at_least && !told.is_cut_off, "{name}: {told:?}");
        let expected = [(10, None), (SHOWN + 2, Some(Reason::TooLong)), (LAST.len() + 2, None)];
        assert_eq!(said(&pieces), expected, "{name}");
        assert_eq!((pieces[1].offset, pieces[2].offset), (10, told.bytes - LAST.len() as u64 - 1), "{name}");
        assert_eq!((pieces[1].first_line, pieces[2].first_line), (1, 2), "{name}");
    }
}

#[test]
fn long_values_that_a_record_may_have_are_kept() {
    let number = format!("[{{\"ts\":{}}},{LAST}]", "1".repeat(1 << 20));
    let (all, told) = pieces(number.as_bytes(), &elements(None));
    assert_eq!(said(&all), [((1 << 20) + 7 + 2, None), (LAST.len() + 2, None)]);
    assert!(!told.is_cut_off);
    let rows = read_rows(&elements(None), &all[0].body);
    assert_eq!((rows.count, rows.left_out.len()), (1, 1));
}

#[test]
fn deep_nesting_is_refused_and_nothing_recurses() {
    for (bytes, expected) in [
        (b"[".repeat(100_000), vec![(100_001, Some(Reason::Malformed))]),
        (b"[{\"a\":".repeat(50_000), vec![(300_001, Some(Reason::Malformed))]),
    ] {
        let (all, told) = pieces(&bytes, &elements(None));
        assert_eq!(said(&all), expected);
        assert!(told.is_cut_off);
    }
    let deep = format!("[{{\"ts\":{}{}}},{LAST}]", "[".repeat(100_000), "]".repeat(100_000));
    let (all, told) = pieces(deep.as_bytes(), &elements(None));
    assert_eq!(said(&all), [(200_007 + 2, Some(Reason::Malformed)), (LAST.len() + 2, None)]);
    assert!(!told.is_cut_off);
    // An array for a record costs itself alone, too, wherever it stands and however far it is from the next record.
    let bare = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let first = "{\"ts\":1}";
    for between in [",", ",\n  ", " ,"] {
        let file = format!("[{first}{between}{bare}{between}{LAST}{between}{LAST}]");
        let (all, told) = pieces(file.as_bytes(), &elements(None));
        let rest = 2 * LAST.len() + between.len() + 2;
        let expected = [(first.len() + 2, None), (bare.len() + 2, Some(Reason::Malformed)), (rest, None)];
        assert_eq!((said(&all), told.is_cut_off), (expected.to_vec(), false), "{between:?}");
    }
    // What only looks like a border stands inside of it.
    let file = format!("[{first},{}{{\"x\":1}},[0],{{\"y\":2}}{},{LAST}]", "[".repeat(200), "]".repeat(200));
    let (all, _) = pieces(file.as_bytes(), &elements(None));
    assert_eq!(said(&all).iter().map(|(_, damage)| *damage).collect::<Vec<_>>(), [None, Some(Reason::Malformed), None]);
    let object = b"{\"scrobbles\":".repeat(100_000);
    let (all, _) = pieces(&object, &elements(Some("other")));
    assert_eq!(said(&all), [(SHOWN + 2, Some(Reason::Malformed))]);
}

#[test]
fn lines_that_are_too_long_are_passed_over() {
    let good = b"{\"listened_at\":1}\n";
    let source = Cursor::new(good).chain(many(b'x', 100 << 20)).chain(Cursor::new("\n")).chain(Cursor::new(good));
    let table = recognise("a.csv", b"uts,artist,track\n1,a,b\n", &Hints::default()).unwrap();
    assert_eq!(table.framing, Framing::Table);
    let (all, told) = stream(source, &lines(0));
    let expected = [(good.len(), None), (SHOWN + 1, Some(Reason::TooLong)), (good.len(), None)];
    assert_eq!(said(&all), expected);
    assert_eq!((all[2].first_line, told.bytes), (3, (100 << 20) + 1 + 2 * good.len() as u64));
    let source = Cursor::new("uts,artist,track\n1,a,b\n2,\"")
        .chain(many(b'x', 100 << 20))
        .chain(Cursor::new("\",b\n3,\"a\",b\n"));
    let (all, _) = stream(source, &table);
    assert_eq!(said(&all), [(6, None), (SHOWN + 1, Some(Reason::TooLong)), (8, None)]);
}

#[test]
fn a_document_that_is_too_long_is_not_read() {
    let (all, told) = stream(many(b' ', 65 << 20), &layout(Format::LastfmPages, Framing::Document));
    assert_eq!(said(&all), [(SHOWN, Some(Reason::TooLong))]);
    assert_eq!(told.bytes, 65 << 20);
}

#[test]
fn a_file_that_breaks_off_keeps_its_whole_records() {
    let file = "[{\"ts\":1,\"a\":\"x\"}, {\"ts\":2,\"a\":[\"y\"]}]";
    for end in 0..file.len() {
        let (all, told) = pieces(&file.as_bytes()[..end], &elements(None));
        let (whole, broken): (Vec<&Piece>, Vec<&Piece>) = all.iter().partition(|piece| piece.damage.is_none());
        let records: usize =
            whole.iter().map(|piece| serde_json::from_slice::<Vec<Box<RawValue>>>(&piece.body).unwrap().len()).sum();
        let second = file.find(", {").unwrap();
        assert_eq!(records, usize::from(end >= second) + usize::from(end == file.len() - 1), "{end}");
        let is_broken = (2..second).contains(&end) || (second + 3..file.len() - 1).contains(&end);
        assert_eq!(broken.len(), usize::from(is_broken), "{end}: {all:?}");
        assert!(broken.iter().all(|piece| piece.damage == Some(Reason::Truncated)), "{end}: {all:?}");
        assert_eq!(told.is_cut_off, end > 0, "{end}");
        for piece in broken {
            let rows = read_rows(&elements(None), &piece.body);
            assert_eq!((rows.count, rows.plays.len()), (1, 0), "{end}: {rows:?}");
        }
    }
}

#[test]
fn what_stands_behind_an_array() {
    let first = (12, None);
    for (behind, expected) in [
        ("", vec![first]),
        (" \r\n\t", vec![first]),
        ("x", vec![first, (3, Some(Reason::Malformed))]),
        ("]", vec![first, (3, Some(Reason::Malformed))]),
        // Two exports, put together by hand.
        ("\n[{\"ts\":2}]", vec![first, (10, None)]),
        ("[]", vec![first]),
    ] {
        let (all, told) = pieces(format!("[{{\"ts\":1}},1]{behind}").as_bytes(), &elements(None));
        assert_eq!(said(&all), expected, "{behind}");
        assert!(!told.is_cut_off);
    }
}

#[test]
fn a_file_without_its_array_makes_one_reject() {
    let malformed = Some(Reason::Malformed);
    for (file, key, expected) in [
        ("{\"a\":1}", None, malformed),
        ("x", None, malformed),
        ("[]", Some("scrobbles"), malformed),
        ("{}", Some("scrobbles"), malformed),
        ("{\"scrobbles\":{}}", Some("scrobbles"), malformed),
        ("{\"scrobbles\":null,\"b\":[{\"scrobbles\":[1]}]}", Some("scrobbles"), malformed),
        ("{\"b\":\"scrobbles\\\":[", Some("scrobbles"), Some(Reason::Truncated)),
        ("{\"b\"", Some("scrobbles"), Some(Reason::Truncated)),
        ("{\"b\\", Some("scrobbles"), Some(Reason::Truncated)),
        ("{x:[]}", Some("scrobbles"), malformed),
    ] {
        for piece in [1, 2, 3, 1 << 20] {
            let sizes = Sizes { piece, ..Sizes::default() };
            let (all, told) = pieces_in(&sizes, file.as_bytes(), &elements(key));
            assert_eq!(said(&all), [(file.len() + 2, expected)], "{file}");
            assert_eq!((told.bytes, told.is_cut_off), (file.len() as u64, expected != malformed), "{file}");
        }
    }
    assert_eq!(pieces(b" \n", &elements(None)).0, []);
}

/// Does one thing to a record that makes it no JSON.
fn break_one(record: &str, random: &mut Rng) -> String {
    let find = |what: &str| record.find(what).unwrap();
    let mut broken = record.to_owned();
    match random.u32(..6) {
        // A quote inside of a text, one too many and one too few.
        0 => broken.insert(find("name\":\"") + 8, '"'),
        1 => drop(broken.remove(find("name\":\"") + 6)),
        2 => drop(broken.remove(find("\",\"skipped"))),
        // Brackets.
        3 => drop(broken.pop()),
        4 => broken.push('}'),
        _ => broken.insert(find(",\"skipped"), ']'),
    }
    broken
}

#[test]
fn damage_costs_the_record_it_is_in() {
    seeds::each(300, |seed| {
        let mut random = Rng::with_seed(seed);
        let nested = random.bool();
        let inner = if nested { ",\"parts\":[{\"x\":1},{\"y\":2},{\"z\":[3]}]" } else { "" };
        let sound: Vec<String> = (0..random.usize(20..80))
            .map(|n| format!("{{\"ts\":{n},\"name\":\"name {n}\",\"skipped\":null{inner}}}"))
            .collect();
        let mut records = sound.clone();
        let at = random.usize(..records.len());
        records[at] = break_one(&records[at], &mut random);
        assert!(serde_json::from_str::<Box<RawValue>>(&records[at]).is_err(), "{}", records[at]);
        let file = format!("[{}]", records.join([",", ", ", ",\n"][random.usize(..3)]));
        let sizes = Sizes { piece: 1 << random.u32(4..14), ..Sizes::default() };
        let (all, told) = pieces_in(&sizes, file.as_bytes(), &elements(None));
        assert!(!told.is_cut_off, "{file}");
        // Every sound record is in a piece that is sound, but for those that came in one piece with the broken one.
        let mut missing = 0;
        let bodies: Vec<String> = all.iter().map(|piece| String::from_utf8(piece.body.clone()).unwrap()).collect();
        for (number, record) in sound.iter().enumerate().filter(|(number, _)| *number != at) {
            let holds = bodies.iter().position(|body| body.contains(record.as_str()));
            missing += usize::from(holds.is_none());
            let is_neighbour = number + 1 == at || number == at + 1;
            assert!(holds.is_some() || is_neighbour, "{number} of {at} is lost: {file}\n{bodies:#?}");
        }
        assert!(missing <= 1, "{missing} neighbours lost: {file}\n{bodies:#?}");
        let damaged = all.iter().filter(|piece| piece.damage.is_some()).count();
        assert!(damaged <= 1, "{bodies:#?}");
    });
}

#[test]
fn any_bytes_are_cut_and_every_one_is_counted() {
    let framings = [
        Framing::Elements(None),
        Framing::Elements(Some("ts".into())),
        Framing::Document,
        Framing::Lines,
        Framing::Table,
    ];
    seeds::each(500, |seed| {
        let mut random = Rng::with_seed(seed);
        let tokens =
            ["[", "]", "{", "}", ",", ":", "\"", "\\", "\"ts\"", "1", "\n", " ", "},{\"ts", "\0", "é", "x,\"y\"\n"];
        let text: String = (0..random.usize(..300)).map(|_| tokens[random.usize(..tokens.len())]).collect();
        let mut bytes = [["", "[", "[{\"ts\":1},", "{\"ts\":["][random.usize(..4)], &text].concat().into_bytes();
        for _ in 0..random.usize(..4) {
            let at = random.usize(..=bytes.len());
            bytes.insert(at, random.u8(..));
        }
        let piece = 1 << random.u32(..9);
        let sizes = Sizes { piece, record: piece << random.u32(..6), document: random.usize(1..400) };
        for framing in &framings {
            let (_, told) = pieces_in(&sizes, &bytes, &layout(Format::SpotifyExtended, framing.clone()));
            assert_eq!(told.bytes, bytes.len() as u64);
        }
    });
}

#[test]
fn a_file_of_nothing_but_damage_takes_no_longer_than_another() {
    let count = 200_000;
    for record in [
        "{\"a\"x},",
        "{\"a\":\"b\"c},",
        "{\"a\":{\"a\":1}},",
        "\"a\"\"b\",",
        "}{",
        "[[",
        "{\"a\":[}]},",
        "\"\\\",",
        "{ ",
    ] {
        let file = format!("[{}", record.repeat(count));
        let (all, told) = pieces(file.as_bytes(), &elements(None));
        assert_eq!(told.bytes, file.len() as u64);
        assert!(!all.is_empty(), "{record}");
    }
    let table = recognise("a.csv", b"uts,artist,track\n1,a,b\n", &Hints::default()).unwrap();
    for record in ["1,\"a,b\n", "\"\n", "1,a\"\",\"\n", "\"\"\"\n"] {
        let file = record.repeat(count);
        let (_, told) = pieces(file.as_bytes(), &table);
        assert_eq!(told.bytes, file.len() as u64);
    }
}

#[test]
fn names_in_any_encoding_are_kept_or_rejected() {
    let record = |name: &[u8]| {
        [
            b"{\"ts\":\"2020-01-01T00:00:00Z\",\"master_metadata_album_artist_name\":\"",
            name,
            b"\",\"master_metadata_track_name\":\"t\",\"ms_played\":1}",
        ]
        .concat()
    };
    let odd: [(&[u8], Result<&str, Reason>); 7] = [
        ("Bj\u{f6}rk".as_bytes(), Ok("Bj\u{f6}rk")),
        ("\u{FFFE}\u{FEFF}".as_bytes(), Ok("\u{FFFE}\u{FEFF}")),
        (b"Bj\xF6rk", Err(Reason::NotUtf8)),
        (b"\x93quoted\x94", Err(Reason::NotUtf8)),
        ("BjÃ¶rk".as_bytes(), Ok("BjÃ¶rk")),
        (b"\xED\xA0\x80", Err(Reason::NotUtf8)),
        (b"a\\u0010b", Ok("a\u{10}b")),
    ];
    for (name, expected) in odd {
        let file = [b"[".as_slice(), &record(name), b",", &record(b"good"), b"]"].concat();
        let mut text = Vec::new();
        decoded(&file[..]).unwrap().read_to_end(&mut text).unwrap();
        let (all, _) = pieces(&text, &elements(None));
        let rows: Vec<_> = all.iter().map(|piece| read_rows(&elements(None), &piece.body)).collect();
        let names: Vec<&str> = rows.iter().flat_map(|rows| &rows.plays).map(|play| &*play.artist).collect();
        let rejects: Vec<_> = rows.iter().flat_map(|rows| &rows.left_out).map(|row| row.why).collect();
        match expected {
            Ok(name) => assert_eq!((names, rejects), (vec![name, "good"], vec![])),
            Err(why) => assert_eq!((names, rejects), (vec!["good"], vec![heard_history::facts::Why::Reject(why)])),
        }
    }
}

#[test]
fn what_is_no_history_is_told_in_a_sentence() {
    let hints = Hints::default();
    assert_eq!(recognise("a", b"", &hints), Err(Unrecognised::Empty));
    assert_eq!(recognise("a", b" \r\n\t ", &hints), Err(Unrecognised::Empty));
    let picture: Vec<u8> = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x04\0".repeat(20);
    assert_eq!(recognise("a.csv", &picture, &hints), Err(Unrecognised::NotText));
    assert_eq!(recognise("a.csv", &vec![0; 4096], &hints), Err(Unrecognised::NotText));
    let diary = b"Dear diary,\nnothing happened today.\n";
    let error = recognise("a.txt", diary, &hints).unwrap_err();
    assert!(error.to_string().starts_with("holds no listening history"), "{error}");
    let wanted = Hints { format: Some(Format::Maloja), ..hints.clone() };
    let error = recognise("a.txt", diary, &wanted).unwrap_err();
    assert!(error.to_string().starts_with("does not look like maloja"), "{error}");
    let known = b"[{\"endTime\":\"2020-01-01 10:00\",\"artistName\":\"a\",\"trackName\":\"b\",\"msPlayed\":1}]";
    let layout = recognise("a.json", known, &hints).unwrap();
    assert_eq!(layout.format, Format::SpotifyAccountData);
    let contradicted = recognise("a.json", known, &Hints { format: Some(Format::Maloja), ..hints }).unwrap_err();
    assert!(contradicted.to_string().contains("maloja"), "{contradicted}");
}
