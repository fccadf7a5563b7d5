//! The history as a library, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall panic, and tells its seed"
)]

mod canary;
mod claims;
mod damaged_files;
mod delivering;
mod directed;
mod enriching;
mod export_formats;
mod extracting;
mod file_rows;
mod fuzz_readers;
mod genres;
mod glitches;
mod gnu_fm;
mod held;
mod hostile;
mod intake;
mod json_exports;
mod knowledge;
mod listenbrainz;
mod listenbrainz_pages;
mod lives;
mod mutants;
mod now_playing;
mod oracle;
mod order;
mod outbox;
mod pair;
mod playback;
mod queries;
mod recommending;
mod reconciling;
mod refusals;
mod scene;
mod seeds;
mod settling;
mod shown;
mod sizes;
mod spool;
mod stops;
mod table_exports;
mod tabular;
mod things;
mod views;
mod watching;
mod weekly;
mod years;
