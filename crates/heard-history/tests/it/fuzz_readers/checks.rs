//! What must hold of every reader whatever it is given. The fuzz targets and the tests run the same checks.
#![allow(unreachable_pub, reason = "the fuzz targets are another crate, which takes this file in by its path")]

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::io::Read;

use heard_history::facts::{LeftOut, Rows};
use heard_history::import::cut::{Piece, Sizes, cut_in};
use heard_history::import::inputs::decoded;
use heard_history::import::recognise::recognise;
use heard_history::listen::Service;
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::{Format, Framing, Hints, Layout};
use serde::de::IgnoredAny;

/// The last second of the year 9999.
const LATEST: i64 = 253_402_300_799;

/// Decoding gives a text that is not twice as long, and UTF-8 as it is.
pub fn check_decoded(bytes: &[u8]) {
    let mut text = Vec::new();
    decoded(bytes).expect("memory can be read").read_to_end(&mut text).expect("memory can be read");
    assert!(text.len() <= 3 * bytes.len(), "{} bytes become {}", bytes.len(), text.len());
    if std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0) {
        assert_eq!(text, bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    }
}

/// What is recognised can be written down, is recognised again, and can be read.
pub fn check_recognised(bytes: &[u8]) {
    let hints = Hints::default();
    let told = recognise("a file", bytes, &hints);
    assert_eq!(recognise("a file", bytes, &hints), told);
    match told {
        Ok(layout) => {
            let written = serde_json::to_string(&layout).expect("a layout is plain data");
            assert_eq!(serde_json::from_str::<Layout>(&written).expect("what was written"), layout);
            check_cut(&layout, bytes);
        }
        Err(why) => assert!(!why.to_string().trim().is_empty()),
    }
}

/// A reader of one format, given a whole file of it.
pub fn check_format(format: Format, bytes: &[u8]) {
    check_cut(&layout_of(format, bytes), bytes);
}

/// A file cut in every way there is, whatever it holds.
pub fn check_framings(bytes: &[u8]) {
    let elements = |key: Option<&str>| (Format::SpotifyExtended, Framing::Elements(key.map(str::to_owned)));
    let table = (Format::Table, Framing::Table);
    for (format, framing) in [elements(None), elements(Some("ts")), (Format::Heard, Framing::Lines), table] {
        check_cut(&Layout { framing, ..layout_of(format, bytes) }, bytes);
    }
}

/// Every byte is counted, pieces come in order, every row of a piece is in one place, and where the file is sound, its
/// rows do not depend on where it is cut.
pub fn check_cut(layout: &Layout, bytes: &[u8]) {
    let all = [64, 1 << 20].map(|piece| {
        let pieces = pieces_of(layout, bytes, piece);
        let rows: u64 = pieces.iter().map(|piece| check_piece(layout, piece)).sum();
        (rows, pieces.iter().all(|piece| piece.damage.is_none()))
    });
    let is_sound = match layout.framing {
        Framing::Elements(_) | Framing::Document => serde_json::from_slice::<IgnoredAny>(bytes).is_ok(),
        // What is left of a broken object depends on those before it.
        Framing::Lines => layout.format == Format::ScrobblerLog || bytes.split(|byte| *byte == b'\n').all(is_object),
        Framing::Table => true,
    };
    assert!(!is_sound || all[0] == all[1], "the rows depend on the cuts: {all:?} of {layout:?}");
}

fn is_object(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    line.is_empty() || (line.starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(line).is_ok())
}

fn pieces_of(layout: &Layout, mut bytes: &[u8], piece: usize) -> Vec<Piece> {
    let (length, mut end, mut pieces) = (bytes.len() as u64, 0, Vec::new());
    let sizes = Sizes { piece, ..Sizes::default() };
    let told = cut_in::<Infallible>(&sizes, &mut bytes, layout, &mut |piece| {
        assert!(piece.offset >= end && !piece.body.is_empty(), "{piece:?}");
        end = piece.offset;
        pieces.push(piece);
        Ok(())
    });
    assert_eq!(told.expect("memory can be read").bytes, length);
    pieces
}

fn check_piece(layout: &Layout, piece: &Piece) -> u64 {
    let rows = read_rows(layout, &piece.body);
    check_rows(&rows, &piece.body);
    if piece.damage.is_some() { 1 } else { u64::from(rows.count) }
}

/// Each row is a play or left out, and what is told of it is sound.
fn check_rows(rows: &Rows<'_>, piece: &[u8]) {
    let numbers: BTreeSet<u32> =
        rows.plays.iter().map(|play| play.row).chain(rows.left_out.iter().map(|row| row.row)).collect();
    let together = rows.plays.len() + rows.left_out.len();
    assert_eq!((together, numbers.len()), (rows.count as usize, rows.count as usize), "{rows:?}");
    assert!(numbers.last().is_none_or(|last| *last < rows.count), "{rows:?}");
    for play in &rows.plays {
        assert!((0..=LATEST).contains(&play.played_at), "{play:?}");
        assert!(!play.artist.trim().is_empty() && !play.track.trim().is_empty(), "{play:?}");
        assert!(!play.artist.contains('\0') && !play.track.contains('\0'), "{play:?}");
    }
    let lines = piece.iter().filter(|byte| **byte == b'\n').count();
    for row in &rows.left_out {
        assert!(row.line as usize <= lines && row.text.len() <= LeftOut::LONGEST, "{row:?}");
    }
}

/// The layout of a file if it is recognised as that format, or else the plainest one.
fn layout_of(format: Format, bytes: &[u8]) -> Layout {
    let recognised = recognise("a file", bytes, &Hints { format: Some(format), ..Hints::default() });
    recognised.unwrap_or_else(|_| {
        let framing = match format {
            Format::LastfmPages => Framing::Document,
            Format::Lastfmstats | Format::Maloja => Framing::Elements(Some("scrobbles".to_owned())),
            Format::Koito => Framing::Elements(Some("listens".to_owned())),
            Format::SpotifyAccountData | Format::SpotifyExtended | Format::LastfmOfficial | Format::Youtube => {
                Framing::Elements(None)
            }
            Format::Listenbrainz | Format::Panoscrobbler | Format::ScrobblerLog | Format::Heard => Framing::Lines,
            Format::AppleMusic | Format::Deezer | Format::Table => Framing::Table,
        };
        let zone = bytes.first().is_some_and(|byte| byte % 2 == 1).then(|| "America/New_York".to_owned());
        Layout { format, framing, skip_lines: 0, service: Service::File, account: None, zone, table: None }
    })
}
