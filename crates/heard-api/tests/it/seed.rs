//! The seed of random tests: printed, and taken back from `HEARD_SEED`.

use proptest::test_runner::{Config, RngSeed};

use crate::fixtures::show;

/// A configuration for so many cases.
pub(crate) fn cases(cases: u32) -> Config {
    #[allow(clippy::disallowed_methods, reason = "a failed test is run again with its seed")]
    let given = std::env::var("HEARD_SEED").ok();
    let seed = given.map_or_else(|| fastrand::u64(..), |seed| seed.parse().expect("HEARD_SEED is a number"));
    show(&format!("HEARD_SEED={seed}"));
    Config { cases, rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() }
}
