//! How far a proof goes, and by which seed: the ordinary run is short, and the environment asks for more.

use std::path::PathBuf;

/// What a variable says, where it says anything.
pub(crate) fn asked(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "whoever starts a proof tells it how far to go")]
    let said = std::env::var(name).ok();
    said.filter(|said| !said.is_empty())
}

/// How many times, as the variable says, or else the ordinary number.
pub(crate) fn times(name: &str, ordinary: usize) -> usize {
    asked(name).map_or(ordinary, |said| said.parse().unwrap_or_else(|_| panic!("{name}={said} is no number")))
}

/// A source of chance whose seed is printed, and taken back from `HEARD_SEED`.
pub(crate) fn chance() -> fastrand::Rng {
    let seed =
        asked("HEARD_SEED").map_or_else(|| fastrand::u64(..), |said| said.parse().expect("HEARD_SEED is a number"));
    println!("HEARD_SEED={seed}");
    fastrand::Rng::with_seed(seed)
}

/// The folder of real histories, where `HEARD_SHARED` names one; says so where it does not.
pub(crate) fn shared() -> Option<PathBuf> {
    let shared = asked("HEARD_SHARED").map(PathBuf::from);
    if shared.is_none() {
        println!("HEARD_SHARED is not set: real histories were not read");
    }
    shared
}
