//! What is doubtful in a history.
//!
//! Nothing here says that a play is wrong: it says what cannot be as it was told, and where to look.

mod clocks;
mod names;
mod stretches;

pub use clocks::{WrongClock, WrongClocks, wrong_clocks};
pub use names::{without_album, without_name};
pub use stretches::{
    BUSY_HOUR, BUSY_MINUTE, Crowd, OVERLAP_GRACE_MS, SAME_SECOND, Stretch, Stretches, bursts, overlaps,
};
