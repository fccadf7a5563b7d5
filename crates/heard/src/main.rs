//! The `heard` program.
fn main() {}
