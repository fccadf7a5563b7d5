#![no_main]

use heard_fuzz::Format;
use heard_fuzz::checks::check_format;

heard_fuzz::fuzz_target!(|bytes: &[u8]| check_format(Format::Listenbrainz, bytes));
