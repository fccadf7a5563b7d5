//! The program from outside, and the rules of the house.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall panic, and tells what it did"
)]

mod bad_input;
mod budgets;
mod canned;
mod commands;
mod damage;
mod disks;
mod extent;
mod home;
mod kills;
mod modes;
mod names;
mod real_data;
mod secrets;
mod supply;
mod terminal;
mod tokens;
mod tree;
