//! However a file is cut, its records are the same.

use std::convert::Infallible;
use std::io::Read;

use fastrand::Rng;
use heard_history::facts::Rows;
use heard_history::import::cut::{Cut, Piece, Sizes, cut, cut_in};
use heard_history::import::recognise::recognise;
use heard_history::listen::Service;
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Format, Framing, Hints, Layout};
use serde_json::value::RawValue;

use crate::seeds;

pub(super) fn layout(format: Format, framing: Framing) -> Layout {
    Layout { format, framing, skip_lines: 0, service: Service::File, account: None, zone: None, table: None }
}

pub(super) fn elements(key: Option<&str>) -> Layout {
    layout(Format::SpotifyExtended, Framing::Elements(key.map(str::to_owned)))
}

pub(super) fn lines(skip_lines: u32) -> Layout {
    Layout { skip_lines, ..layout(Format::Listenbrainz, Framing::Lines) }
}

/// Cuts a file, with sizes of one's own.
pub(super) fn pieces_in(sizes: &Sizes, mut file: &[u8], layout: &Layout) -> (Vec<Piece>, Cut) {
    let mut pieces = Vec::new();
    let told = cut_in::<Infallible>(sizes, &mut file, layout, &mut |piece| {
        pieces.push(piece);
        Ok(())
    });
    let told = told.unwrap();
    assert_eq!(told.pieces, pieces.len() as u64);
    (pieces, told)
}

pub(super) fn pieces(file: &[u8], layout: &Layout) -> (Vec<Piece>, Cut) {
    pieces_in(&Sizes::default(), file, layout)
}

fn any_sizes(random: &mut Rng) -> Sizes {
    Sizes { piece: 1 << random.u32(..12), ..Sizes::default() }
}

/// Texts that look like the structure around them.
const HOSTILE: [&str; 15] = [
    "},{",
    "},{\"a",
    "\"},{\"ts\":1",
    "\\",
    "\\\"},{\"ts",
    "[live] [2011]",
    ": [\"x",
    "]",
    "}]",
    "{{{[[[",
    "line\nend\r\n",
    "\u{1F600}\u{202E}é",
    "",
    "a,\"b\"\";c\t\"",
    "\"",
];

fn name(random: &mut Rng) -> String {
    (0..random.usize(1..4)).map(|_| HOSTILE[random.usize(..HOSTILE.len())]).collect()
}

fn space(random: &mut Rng) -> &'static str {
    ["", "", "", " ", "\n", "\r\n    ", "\t"][random.usize(..7)]
}

/// A value of JSON, written with white space anywhere.
fn value(random: &mut Rng, depth: u32) -> String {
    let text = |random: &mut Rng| serde_json::to_string(&name(random)).unwrap();
    match random.u32(..if depth == 0 { 3 } else { 6 }) {
        0 => text(random),
        1 => ["null", "true", "-1.5e3", "0", "12345"][random.usize(..5)].to_owned(),
        2 => ["{}", "[]", "[[],{}]"][random.usize(..3)].to_owned(),
        3 => list(random, ["[", "]"], |random| value(random, depth - 1)),
        _ => list(random, ["{", "}"], |random| {
            let key = if random.bool() { "\"ts\"".to_owned() } else { text(random) };
            format!("{key}{}:{}{}", space(random), space(random), value(random, depth - 1))
        }),
    }
}

fn list(random: &mut Rng, around: [&str; 2], one: impl Fn(&mut Rng) -> String) -> String {
    let count = random.usize(..4);
    let parts: Vec<String> = (0..count).map(|_| format!("{0}{1}{0}", space(random), one(random))).collect();
    format!("{}{}{}", around[0], parts.join(","), around[1])
}

/// A record: mostly an object that begins with the same key.
fn record(random: &mut Rng) -> String {
    match random.u32(..10) {
        0 => value(random, 2),
        _ => format!("{{{}\"ts\":{},\"a\":{}}}", space(random), value(random, 1), value(random, 3)),
    }
}

/// An array of these records, and where each begins.
fn array(records: &[String], random: &mut Rng) -> (String, Vec<usize>) {
    let (mut text, mut begins) = ("[".to_owned(), Vec::new());
    for (number, record) in records.iter().enumerate() {
        text += if number > 0 { "," } else { "" };
        text += space(random);
        begins.push(text.len());
        text += record;
        text += space(random);
    }
    (text + "]", begins)
}

#[test]
fn an_array_is_cut_between_its_records() {
    seeds::each(300, |seed| {
        let mut random = Rng::with_seed(seed);
        let records: Vec<String> = (0..random.usize(..60)).map(|_| record(&mut random)).collect();
        let (array, begins) = array(&records, &mut random);
        let (key, before, behind) = match random.u32(..3) {
            0 => (None, " \r\n".to_owned(), "\n ".to_owned()),
            _ => {
                let other = value(&mut random, 3);
                (
                    Some("scrobbles"),
                    format!("{{\"x\" :{other},\"scrobble\":[1], \"scrobbles\" : "),
                    format!(",\"y\":{other}}}"),
                )
            }
        };
        let file = format!("{before}{array}{behind}");
        let sizes = any_sizes(&mut random);
        let (pieces, told) = pieces_in(&sizes, file.as_bytes(), &elements(key));
        assert_eq!((told.bytes, told.is_cut_off), (file.len() as u64, false));
        let mut at = 0;
        for piece in &pieces {
            assert_eq!(piece.damage, None);
            let parsed: Vec<Box<RawValue>> = serde_json::from_slice(&piece.body).unwrap();
            assert!(!parsed.is_empty(), "an empty piece");
            let begin = before.len() + begins[at];
            assert_eq!(piece.offset, begin as u64);
            assert_eq!(piece.first_line, 1 + file[..begin].matches('\n').count() as u64);
            let as_it_stands = &file[begin..begin + piece.body.len() - 2];
            assert_eq!(&piece.body[1..piece.body.len() - 1], as_it_stands.as_bytes());
            for record in parsed {
                assert_eq!(record.get(), records[at]);
                at += 1;
            }
            let alone = serde_json::from_slice::<Vec<Box<RawValue>>>(&piece.body).unwrap().len() == 1;
            assert!(alone || piece.body.len() <= sizes.piece + 2, "{} bytes of {sizes:?}", piece.body.len());
        }
        assert_eq!(at, records.len());
    });
}

/// Small records, so that many are in a block, as Spotify writes them: all at once, or over several lines.
fn plain(count: usize, random: &mut Rng) -> Vec<String> {
    let pretty = random.bool();
    let one = |number| {
        let (name, skipped) = (serde_json::to_string(&name(random)).unwrap(), random.bool());
        if pretty {
            format!("{{\n  \"ts\" : {number},\n  \"name\" : {name},\n  \"skipped\" : {skipped}\n}}")
        } else {
            format!("{{\"ts\":{number},\"name\":{name},\"skipped\":{skipped}}}")
        }
    };
    (0..count).map(one).collect()
}

#[test]
fn hostile_texts_are_no_borders() {
    seeds::each(100, |seed| {
        let mut random = Rng::with_seed(seed);
        let records = plain(random.usize(100..1000), &mut random);
        let (file, _) = array(&records, &mut random);
        let sizes = Sizes { piece: random.usize(100..4000), ..Sizes::default() };
        let (pieces, _) = pieces_in(&sizes, file.as_bytes(), &elements(None));
        assert!(pieces.len() > 1, "{sizes:?}");
        let parsed = pieces.iter().flat_map(|piece| serde_json::from_slice::<Vec<Box<RawValue>>>(&piece.body).unwrap());
        assert!(parsed.map(|record| record.get().to_owned()).eq(records));
    });
}

#[test]
fn pieces_are_about_a_mebibyte() {
    let record = format!("{{\"ts\":\"2020-01-01T00:00:00Z\",\"name\":\"{}\"}}", "x".repeat(600));
    let file = format!("[{}]", vec![record; 10_000].join(",\n"));
    let (pieces, _) = pieces(file.as_bytes(), &elements(None));
    assert_eq!(pieces.len(), file.len().div_ceil(1 << 20));
    for piece in &pieces[..pieces.len() - 1] {
        assert!(((1 << 20) - 1000..=(1 << 20) + 2).contains(&piece.body.len()), "{}", piece.body.len());
    }
}

#[test]
fn lines_are_cut_at_their_ends() {
    seeds::each(200, |seed| {
        let mut random = Rng::with_seed(seed);
        let one = |random: &mut Rng| {
            format!("{}{}", name(random).replace(['\n', '\r'], " "), ["\n", "\r\n"][random.usize(..2)])
        };
        let all: Vec<String> = (0..random.usize(..200)).map(|_| one(&mut random)).collect();
        let mut file = all.concat();
        if random.bool() {
            file.truncate(file.trim_end().len());
        }
        let skip = random.usize(..5);
        let (pieces, told) = pieces_in(&any_sizes(&mut random), file.as_bytes(), &lines(u32::try_from(skip).unwrap()));
        let skipped: usize = file.split_inclusive('\n').take(skip).map(str::len).sum();
        let mut offset = skipped;
        for (number, piece) in pieces.iter().enumerate() {
            assert_eq!((piece.offset, piece.damage), (offset as u64, None));
            assert_eq!(piece.first_line, 1 + file[..offset].matches('\n').count() as u64);
            assert!(!piece.body.is_empty() && (piece.body.ends_with(b"\n") || number + 1 == pieces.len()));
            assert_eq!(piece.body, file.as_bytes()[offset..offset + piece.body.len()]);
            offset += piece.body.len();
        }
        assert_eq!((offset, told.bytes), (file.len(), file.len() as u64));
    });
}

/// A table's field: mostly plain, but once in so many times with quotes and line ends in it, or with quotes where none
/// belong.
fn field(random: &mut Rng, wild: u32) -> String {
    if random.u32(..wild) > 0 {
        return ["plain name", "\"quoted, name\"", "", "\"\""][random.usize(..4)].to_owned();
    }
    match random.u32(..16) {
        0 => "12\" mix".to_owned(),
        1 => "\"half".to_owned(),
        2 => "\"Heroes\" by X".to_owned(),
        3 => "a\"b,\"c".to_owned(),
        _ => format!("\"{}\"", name(random).replace('"', "\"\"")),
    }
}

/// What the reader of a layout makes of a whole file, and of its pieces together: texts of plays, and kinds of rejects.
fn rows_of<'a>(layout: &Layout, pieces: impl IntoIterator<Item = (u64, &'a [u8])>) -> Vec<String> {
    let mut all = Vec::new();
    for (first_line, piece) in pieces {
        let Rows { count, plays, left_out, .. } = read_rows(layout, piece);
        assert_eq!(plays.len() + left_out.len(), count as usize);
        let plays = plays.iter().map(|play| (play.row, format!("{} {} {}", play.played_at, play.artist, play.track)));
        let others = left_out
            .iter()
            .map(|row| (row.row, format!("{} {:?} {}", first_line + u64::from(row.line), row.why, row.text)));
        let mut rows: Vec<(u32, String)> = plays.chain(others).collect();
        rows.sort();
        all.extend(rows.into_iter().map(|(_, row)| row));
    }
    all
}

#[test]
fn a_table_reads_the_same_however_it_is_cut() {
    seeds::each(200, |seed| {
        let mut random = Rng::with_seed(seed);
        let (header, count) = ("uts,artist,album,track\n", random.usize(1..600));
        let wild = 1 << random.u32(..12);
        let record = |number| {
            let end = ["\n", "\r\n"][random.usize(..2)];
            let [artist, album, track] = [(); 3].map(|()| field(&mut random, wild));
            format!("{},{artist},{album},{track}{end}", 1_500_000_000 + number)
        };
        let file = header.to_owned() + &(0..count).map(record).collect::<String>();
        let head = format!("{header}1500000000,a,b,c\n");
        let layout = recognise("plays.csv", head.as_bytes(), &Hints::default()).unwrap();
        assert_eq!((&layout.framing, layout.skip_lines), (&Framing::Table, 1));
        let (pieces, _) = pieces_in(&any_sizes(&mut random), file.as_bytes(), &layout);
        let whole = rows_of(&layout, [(2, &file.as_bytes()[header.len()..])]);
        let parts = rows_of(&layout, pieces.iter().map(|piece| (piece.first_line, &piece.body[..])));
        assert_eq!(parts, whole);
        let bodies: Vec<u8> = pieces.iter().flat_map(|piece| piece.body.clone()).collect();
        assert_eq!(bodies, &file.as_bytes()[header.len()..]);
    });
}

#[test]
fn a_document_is_one_piece() {
    let file = b"{\"recenttracks\":{}}\n";
    let (all, told) = pieces(file, &layout(Format::LastfmPages, Framing::Document));
    assert_eq!(all, [Piece { body: file.to_vec(), first_line: 1, offset: 0, damage: None }]);
    assert_eq!(told, Cut { bytes: 20, pieces: 1, is_cut_off: false });
    assert_eq!(pieces(b"", &layout(Format::LastfmPages, Framing::Document)).0, []);
}

#[test]
fn the_taker_of_pieces_may_fail() {
    let file = format!("[{}]", vec!["{\"a\":1}"; 100].join(","));
    let sizes = Sizes { piece: 100, ..Sizes::default() };
    let mut given = 0;
    let told = cut_in(&sizes, &mut file.as_bytes(), &elements(None), &mut |_| {
        given += 1;
        if given == 2 { Err("full") } else { Ok(()) }
    });
    assert_eq!((told.unwrap_err().to_string(), given), ("full".to_owned(), 2));
}

#[test]
fn a_source_that_fails_is_told_and_one_that_breaks_off_is_used() {
    struct Fails(std::io::ErrorKind);
    impl Read for Fails {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(self.0.into())
        }
    }
    let begin = "[{\"a\":1},{\"a\":2},{\"a\":";
    let run = |kind| {
        let mut bodies = Vec::new();
        let told = cut::<Infallible>(&mut begin.as_bytes().chain(Fails(kind)), &elements(None), &mut |piece| {
            bodies.push((String::from_utf8(piece.body).unwrap(), piece.damage.map(heard_history::facts::Reason::name)));
            Ok(())
        });
        (told.map_err(|error| error.to_string()), bodies)
    };
    let (told, bodies) = run(std::io::ErrorKind::UnexpectedEof);
    assert_eq!(told, Ok(Cut { bytes: begin.len() as u64, pieces: 2, is_cut_off: true }));
    let whole = ("[{\"a\":1},{\"a\":2}]".to_owned(), None);
    assert_eq!(bodies, [whole, ("[{\"a\":]".to_owned(), Some("truncated"))]);
    let (told, bodies) = run(std::io::ErrorKind::Other);
    assert!(told.unwrap_err().starts_with("cannot be read to its end") && bodies.is_empty());
}
