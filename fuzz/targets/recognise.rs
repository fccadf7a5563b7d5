#![no_main]

use heard_fuzz::checks::check_recognised;

heard_fuzz::fuzz_target!(|bytes: &[u8]| check_recognised(bytes));
