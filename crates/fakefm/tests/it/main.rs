//! What a client sees of the fake, byte by byte over TCP.

#![allow(clippy::unwrap_used, clippy::print_stdout, reason = "a test fails at once, and tells its seed")]

mod admin;
mod auth;
mod client;
mod faults;
mod fixtures;
mod listenbrainz;
mod lists;
mod manners;
mod movement;
mod oracle;
mod program;
mod things;
mod transport;
mod write_faults;
mod writer;
mod writing;
