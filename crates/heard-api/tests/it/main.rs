//! What the crate promises, seen from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall panic")]

mod fixtures;
mod lenient;
mod recorded;
mod signing;
