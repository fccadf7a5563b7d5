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
mod export_formats;
mod fuzz_readers;
mod glitches;
mod hostile;
mod intake;
mod json_exports;
mod lives;
mod mutants;
mod now_playing;
mod oracle;
mod order;
mod outbox;
mod pair;
mod playback;
mod queries;
mod reconciling;
mod refusals;
mod scene;
mod seeds;
mod settling;
mod shown;
mod sizes;
mod stops;
mod table_exports;
mod tabular;
mod views;
mod watching;
mod years;
