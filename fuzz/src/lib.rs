//! What the fuzz targets check: the same as the tests of heard-history.

#[path = "../../crates/heard-history/tests/it/fuzz_readers/checks.rs"]
pub mod checks;

pub use heard_history::normalise::layout::Format;
pub use libfuzzer_sys::fuzz_target;
