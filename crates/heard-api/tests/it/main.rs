//! What the crate promises, seen from outside.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on shall panic")]

mod caching;
mod caching_on_disk;
mod calls;
mod documents;
mod examples;
mod fixtures;
mod lenient;
mod listenbrainz;
mod login;
mod mutations;
mod pacing;
mod pictures;
mod pylast;
mod recorded;
mod refusals;
mod requests;
mod round_trip;
mod scrobbling;
mod seed;
mod server;
mod shapes;
mod signing;
mod streams;
mod tls;
mod transport;
mod walking;
mod xml;
