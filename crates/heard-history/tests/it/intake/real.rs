//! Real export files on their way in: found, recognised, cut, and every row of them counted. The files are not part of
//! the project: `HEARD_SHARED` names the folder that holds them.

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::PathBuf;

use heard_history::import::cut::Sizes;
use heard_history::import::inputs::{Found, Limits, decoded, walk};
use heard_history::import::recognise::{HEAD, recognise};
use heard_history::normalise::exports::read_rows;
use heard_history::normalise::layout::Hints;

use super::cuts::pieces_in;

/// What the counts of another program say of a file.
#[derive(serde::Deserialize)]
struct Expected {
    file: String,
    total_rows: Option<u64>,
}

fn shared() -> Option<PathBuf> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says where the files are")]
    let shared = std::env::var_os("HEARD_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("HEARD_SHARED is not set: real export files were not read");
    }
    shared
}

/// Rows of every file below a folder by its path; those of a zip's members are one sum.
fn rows_below(folder: &std::path::Path) -> BTreeMap<String, u64> {
    let mut all = BTreeMap::new();
    let _ = walk(&[folder.to_owned()], &Limits::default(), &mut |found| {
        let Found::Input(mut input) = found else { panic!("{found:?}") };
        let mut text = Vec::new();
        decoded(input.open().unwrap()).unwrap().read_to_end(&mut text).unwrap();
        let head = &text[..text.len().min(HEAD)];
        let Ok(layout) = recognise(input.name(), head, &Hints::default()) else { return ControlFlow::Continue(()) };
        let count = |sizes: &Sizes| -> u64 {
            let (pieces, told) = pieces_in(sizes, &text, &layout);
            assert_eq!((told.bytes, told.is_cut_off), (text.len() as u64, false), "{}", input.name());
            pieces.iter().map(|piece| u64::from(read_rows(&layout, &piece.body).count)).sum()
        };
        let rows = count(&Sizes::default());
        for piece in [1, 5_000, 100_000] {
            assert_eq!(count(&Sizes { piece, ..Sizes::default() }), rows, "{} in pieces of {piece}", input.name());
        }
        let name = input.name().strip_prefix(&format!("{}/", folder.display())).unwrap();
        let name = name.split_once(".zip/").map_or(name.to_owned(), |(zip, _)| format!("{zip}.zip"));
        *all.entry(name).or_default() += rows;
        ControlFlow::Continue(())
    });
    all
}

#[test]
fn real_files_have_the_rows_that_others_count() {
    let Some(shared) = shared() else { return };
    let rows = rows_below(&shared.join("data"));
    let mut compared = 0;
    let mut wrong = Vec::new();
    for entry in std::fs::read_dir(shared.join("data/expected")).unwrap() {
        let text = std::fs::read(entry.unwrap().path()).unwrap();
        let Ok(Expected { file, total_rows: Some(expected) }) = serde_json::from_slice(&text) else { continue };
        let its_name = |path: &str| path.rsplit('/').next().map(str::to_owned);
        let found = rows.iter().find(|(path, _)| its_name(path) == its_name(&file)).map_or(0, |(_, rows)| *rows);
        compared += 1;
        if found != expected {
            wrong.push(format!("{file}: {found} rows, and others count {expected}"));
        }
    }
    println!("{compared} files compared");
    assert!(compared > 20 && wrong.is_empty(), "{compared} files compared; {wrong:#?}");
    assert!(!rows_below(&shared.join("fixtures/formats")).is_empty());
}
