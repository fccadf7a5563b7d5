#![no_main]

use heard_fuzz::checks::check_framings;

heard_fuzz::fuzz_target!(|bytes: &[u8]| check_framings(bytes));
