//! Reading says that a piece is JSON only where it is: the archive believes it, and `jq` reads the archive.

use std::cell::Cell;

use fastrand::Rng;
use heard_history::archive::{Draft, Envelope, Purpose};
use heard_history::listen::{Account, Service};
use serde::de::IgnoredAny;

use super::formats;
use crate::seeds;

fn is_json(piece: &[u8]) -> bool {
    std::str::from_utf8(piece).is_ok_and(|text| serde_json::from_str::<IgnoredAny>(text).is_ok())
}

#[test]
fn a_list_of_good_records_is_known_to_be_json() {
    let mut known = 0;
    for (format, read, is_list, record) in formats().into_iter().filter(|(.., is_list, _)| *is_list) {
        assert!(is_list);
        for between in [",", ", ", ",\n  ", "\t\r\n,"] {
            let records: Vec<String> = (1..5).map(record).collect();
            let piece = format!("[ {}\n]", records.join(between));
            assert!(is_json(piece.as_bytes()));
            known += usize::from(read(piece.as_bytes()).is_json);
        }
        assert_eq!(read(b"[]").is_json, read(b"[ ]").is_json, "{format}");
    }
    // Formats that nest records in more than a list leave it to others to find out.
    assert!(known >= 4 * 7, "{known} pieces are known to be JSON");
}

#[test]
fn what_is_no_json_is_never_taken_for_it() {
    let texts: [&[u8]; 14] = [
        b"",
        b"[",
        b"[]]",
        b"[,]",
        b"[{}",
        b"[{},]",
        b"[,{}]",
        b"[{},,{}]",
        b"[{} {}]",
        b"[{}{}]",
        b"[{}\x0c,{}]",
        b"[{}],[{}]",
        b"{}",
        b"[{},{},x]",
    ];
    for (format, read, _, record) in formats() {
        let record = record(1);
        for text in texts {
            let piece = String::from_utf8_lossy(text).replace("{}", &record).into_bytes();
            assert!(!read(&piece).is_json || is_json(&piece), "{format}: {}", piece.escape_ascii());
        }
    }
}

/// Changes a few bytes, as damage and programs do.
fn change(piece: &mut Vec<u8>, random: &mut Rng) {
    for _ in 0..random.usize(0..3) {
        let at = random.usize(..piece.len());
        match random.u32(..4) {
            0 => drop(piece.remove(at)),
            1 => piece.insert(at, *random.choice(b"{}[],:\"\\ \n\0\x0c\xff0").unwrap()),
            2 => piece[at] = *random.choice(b"{}[],:\"\\ \n\0\x0c\xff0").unwrap(),
            _ => piece.truncate(at.max(1)),
        }
    }
}

#[test]
fn a_changed_piece_is_json_wherever_it_is_said_to_be() {
    let said = Cell::new(0);
    seeds::each(60, |seed| {
        let mut random = Rng::with_seed(seed);
        for (format, read, _, record) in formats() {
            for _ in 0..40 {
                let records: Vec<String> = (1..random.i64(2..6)).map(record).collect();
                let mut piece = format!("[{}]", records.join(",")).into_bytes();
                change(&mut piece, &mut random);
                let is_said = read(&piece).is_json;
                assert!(!is_said || is_json(&piece), "{format}: {}", piece.escape_ascii());
                said.set(said.get() + u32::from(is_said));
                same_line(&piece, is_said);
            }
        }
    });
    assert!(said.get() > 0, "nothing was said to be JSON");
}

/// The archive's line is the same whether it was known before that a body is JSON, or found out.
fn same_line(body: &[u8], is_json: bool) {
    let draft = Draft {
        received_at: 0,
        account: Account::new("me", Service::File, ""),
        method: "heard.import".into(),
        params: Vec::new(),
        purpose: Purpose::Rows,
        run: 1,
        wanted: None,
        status: 0,
        served_at: None,
        body: body.to_vec().into(),
        is_json,
        sha256: None,
    };
    let line = draft.line(2);
    assert_eq!(Draft { is_json: false, ..draft.clone() }.line(2), line);
    let read = Envelope::parse(line.strip_suffix(b"\n").unwrap()).unwrap();
    let foreseen = draft.envelope(2);
    assert_eq!((read.head, &*read.body), (foreseen.head, body));
}
