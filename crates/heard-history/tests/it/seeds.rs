//! Which random worlds are tried.
//!
//! | variable | means | without it |
//! | --- | --- | --- |
//! | `HEARD_SEEDS` | how many seeds each random test tries | each test's own small number |
//! | `HEARD_SEED` | the first seed; a test that failed prints the one to give here, with `HEARD_SEEDS=1` | 1 |
//! | `HEARD_PLAYS` | plays of the large accounts | 20,000 |
//!
//! The long proof is the same tests: `HEARD_SEEDS=2000 HEARD_PLAYS=1000000 cargo test -p heard-history --test it`.
//! (With `cargo nextest`, whose time limit is made for the short version, raise it as well.)

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

fn number(variable: &str) -> Option<u64> {
    #[allow(clippy::disallowed_methods, reason = "whoever runs the tests says how long they may take")]
    let given = std::env::var(variable).ok()?;
    Some(given.parse().unwrap_or_else(|_| panic!("{variable} is a whole number")))
}

/// Tries `ordinarily` many seeds, or as many as the environment says.
pub(crate) fn each(ordinarily: u64, try_one: impl Fn(u64)) {
    let first = number("HEARD_SEED").unwrap_or(1);
    for seed in first..first + number("HEARD_SEEDS").unwrap_or(ordinarily) {
        // The jitter of the pauses is part of what the seed names.
        fastrand::seed(seed);
        if let Err(failed) = catch_unwind(AssertUnwindSafe(|| try_one(seed))) {
            println!("HEARD_SEED={seed} HEARD_SEEDS=1");
            resume_unwind(failed);
        }
    }
}

/// Plays of a large account.
pub(crate) fn plays() -> u64 {
    number("HEARD_PLAYS").unwrap_or(20_000)
}

/// Whether this is the long proof.
pub(crate) fn is_long() -> bool {
    number("HEARD_SEEDS").is_some_and(|seeds| seeds >= 1_000) || plays() > 20_000
}
