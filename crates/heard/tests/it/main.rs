//! The program from outside, and the rules of the house.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that cannot go on shall panic, and tells what it did"
)]

mod bad_files;
mod bad_input;
mod budgets;
mod calendar;
mod calling;
mod canned;
mod collisions;
mod commands;
mod compare;
mod covers;
mod damage;
mod delivery_kills;
mod disk_full;
mod disks;
mod enrich;
mod exports;
mod extent;
mod family;
mod genres;
mod home;
mod import_kills;
mod imports;
mod keyring;
mod kills;
mod login;
mod modes;
mod names;
mod pages;
mod plot;
mod power;
mod progress;
mod quality;
mod real_data;
mod recommending;
mod rules;
mod scrobbling;
mod secrets;
mod supply;
mod syscalls;
mod taste;
mod terminal;
mod tokens;
mod tree;
mod watching;
mod year;
