#![no_main]

use heard_fuzz::checks::check_decoded;

heard_fuzz::fuzz_target!(|bytes: &[u8]| check_decoded(bytes));
