//! Every reader of export files against damaged ones: never a panic, and every row in one place.
//!
//! The files are made up here and then bent, cut and put together by a random generator. `HEARD_FUZZ` says how many are
//! tried for each reader; `just fuzz-readers` tries many. With a nightly compiler and cargo-fuzz, the targets below
//! `fuzz/` run the same checks with feedback from coverage.

mod checks;
mod corpus;

use fastrand::Rng;
use heard_history::normalise::layout::Format;

use crate::seeds;
use corpus::{CORPUS, TOKENS};

/// Files that are tried for one reader.
fn inputs() -> u64 {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says how long they may take")]
    let given = std::env::var("HEARD_FUZZ").ok();
    given.map_or(1_000, |given| given.parse().unwrap_or_else(|_| panic!("HEARD_FUZZ is a whole number")))
}

/// A file of the corpus with some damage done to it. Of several seeds, one leaves it as it is.
fn damaged(files: &[&str], random: &mut Rng) -> Vec<u8> {
    let mut bytes = files[random.usize(..files.len())].as_bytes().to_vec();
    if random.u8(..4) == 0 {
        // Longer than the smallest pieces, and with more of the same.
        bytes = bytes.repeat(random.usize(1..8));
    }
    for _ in 0..random.usize(..6) {
        damage(&mut bytes, random);
    }
    bytes
}

fn damage(bytes: &mut Vec<u8>, random: &mut Rng) {
    let mut places = [random.usize(..=bytes.len()), random.usize(..=bytes.len())];
    places.sort_unstable();
    let [from, to] = places;
    match random.u8(..10) {
        0 if from < bytes.len() => bytes[from] ^= 1 << random.u8(..8),
        1 if from < bytes.len() => bytes[from] = random.u8(..),
        2 => drop(bytes.drain(from..to.min(from + 20))),
        3 => drop(bytes.splice(from..from, bytes[from..to].to_vec())),
        4 => bytes.truncate(to),
        5 => drop(bytes.splice(from..to, corpus::any(random).bytes())),
        6 => bytes[from..to].reverse(),
        7 => drop(
            bytes.splice(from..from, TOKENS[random.usize(..TOKENS.len())].bytes().cycle().take(random.usize(..300))),
        ),
        _ => drop(bytes.splice(from..from, TOKENS[random.usize(..TOKENS.len())].bytes())),
    }
}

fn files_of(format: Format) -> Vec<&'static str> {
    CORPUS.iter().filter(|(its, _)| *its == format).map(|(_, file)| *file).collect()
}

#[test]
fn the_corpus_is_what_it_is_meant_to_be() {
    for format in Format::ALL {
        assert!(!files_of(format).is_empty(), "no file of {format:?}");
    }
    for (format, file) in CORPUS {
        let layout = heard_history::import::recognise::recognise("a file", file.as_bytes(), &Default::default());
        let found = layout.unwrap_or_else(|why| panic!("{file}\n{why}")).format;
        let is_table =
            matches!(format, Format::Deezer | Format::Table) && matches!(found, Format::Deezer | Format::Table);
        assert!(found == format || is_table, "{file}\nis {found:?} and not {format:?}");
        checks::check_format(format, file.as_bytes());
    }
}

#[test]
fn readers_of_every_format_take_any_file() {
    for format in Format::ALL {
        let files = files_of(format);
        seeds::each(inputs(), |seed| checks::check_format(format, &damaged(&files, &mut Rng::with_seed(seed))));
    }
}

#[test]
fn any_file_is_recognised_or_refused() {
    let files: Vec<&str> = CORPUS.iter().map(|(_, file)| *file).collect();
    seeds::each(4 * inputs(), |seed| checks::check_recognised(&damaged(&files, &mut Rng::with_seed(seed))));
}

#[test]
fn any_file_is_cut() {
    let files: Vec<&str> = CORPUS.iter().map(|(_, file)| *file).collect();
    seeds::each(inputs(), |seed| checks::check_framings(&damaged(&files, &mut Rng::with_seed(seed))));
}

#[test]
fn any_file_is_decoded() {
    let files: Vec<&str> = CORPUS.iter().map(|(_, file)| *file).collect();
    seeds::each(4 * inputs(), |seed| {
        let mut random = Rng::with_seed(seed);
        let bytes = damaged(&files, &mut random);
        let bytes = match random.u8(..4) {
            0 => [b"\xFF\xFE".as_slice(), &bytes].concat(),
            1 => [b"\xFE\xFF".as_slice(), &bytes].concat(),
            2 => bytes.iter().flat_map(|byte| [*byte, 0]).collect(),
            _ => bytes,
        };
        checks::check_decoded(&bytes);
    });
}
