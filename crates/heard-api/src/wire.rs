//! How the service writes numbers, moments and pictures.

use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use serde::{Serialize, Serializer};

/// A number in a string, as nearly every number of the service is (`user.getInfo/lb_sample.json`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Digits<T>(pub(crate) T);

impl<T: fmt::Display> Serialize for Digits<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

/// One size of a picture.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Picture<'a> {
    pub(crate) size: &'a str,
    #[serde(rename = "#text")]
    pub(crate) url: &'a str,
}

/// The four sizes without a picture; clients count on the list.
pub(crate) fn blank_pictures() -> [Picture<'static>; 4] {
    ["small", "medium", "large", "extralarge"].map(|size| Picture { size, url: "" })
}

/// A moment as the service words it, `21 Jul 2011, 15:12` in UTC; empty before 1970 and after 9999.
pub(crate) fn date_text(unix_seconds: i64) -> String {
    const LAST_SECOND: u64 = 253_402_300_799;
    let Some(since) = u64::try_from(unix_seconds).ok().filter(|since| *since <= LAST_SECOND) else {
        return String::new();
    };
    // "Thu, 21 Jul 2011 15:12:50 GMT": the form of HTTP has the same words at fixed places.
    let date = httpdate::fmt_http_date(UNIX_EPOCH + Duration::from_secs(since));
    format!("{}, {}", &date[5..16], &date[17..22])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_worded_as_by_the_service() {
        assert_eq!(date_text(1_311_261_170), "21 Jul 2011, 15:12");
        assert_eq!(date_text(0), "01 Jan 1970, 00:00");
        assert_eq!(date_text(253_402_300_799), "31 Dec 9999, 23:59");
        assert_eq!(date_text(253_402_300_800), "");
        assert_eq!(date_text(-1), "");
    }
}
