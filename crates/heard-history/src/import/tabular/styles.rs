//! Numbers of a workbook that are moments: which styles say so, and what the numbers mean.
//!
//! ECMA-376 part 1: a cell's style names a number format (18.8.30), and a moment is the number of days since an epoch
//! with the time of day as its fraction (18.17.4.1).

use std::collections::{HashMap, HashSet};
use std::io::{Read, Seek};

use jiff::civil::DateTime;
use jiff::civil::date;
use jiff::{SignedDuration, Timestamp};
use quick_xml::events::Event;
use zip::ZipArchive;

use super::parts::{Part, attribute};
use super::{LARGEST_PART, TabularError};

const PART: &str = "xl/styles.xml";

/// The first number that stands for no day before the year 10000.
const END_OF_TIME: f64 = 2_958_466.0;

/// Formats that need no definition: moments in the ways of most countries, without spans of time (46).
fn is_built_in_moment(format: u32) -> bool {
    matches!(format, 14..=22 | 27..=36 | 45 | 47 | 50..=58)
}

/// Whether a format's code shows a moment: it has a letter of one outside quotes, brackets and escapes. Spans of time
/// have theirs in brackets (`[h]:mm`).
fn is_moment(code: &str) -> bool {
    let mut found = false;
    let mut characters = code.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' => while characters.next().is_some_and(|inner| inner != '"') {},
            '\\' | '_' | '*' => drop(characters.next()),
            '[' => {
                let inner: String = characters.by_ref().take_while(|inner| *inner != ']').collect();
                let is_span =
                    !inner.is_empty() && inner.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'));
                if is_span {
                    return false;
                }
            }
            // Behind it stand the formats of negative numbers and of texts.
            ';' => return found,
            'y' | 'Y' | 'm' | 'M' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' => found = true,
            _ => {}
        }
    }
    found && !code.eq_ignore_ascii_case("general")
}

/// The styles that show numbers as moments.
pub(super) fn moments<R: Read + Seek>(workbook: &mut ZipArchive<R>) -> Result<HashSet<usize>, TabularError> {
    let Some(mut part) = Part::open(workbook, PART, LARGEST_PART)? else {
        return Ok(HashSet::new());
    };
    let mut codes: HashMap<u32, bool> = HashMap::new();
    let (mut found, mut styles, mut in_styles) = (HashSet::new(), 0, false);
    loop {
        match part.next()? {
            Event::Start(element) => match element.local_name().as_ref() {
                "numFmt" => {
                    let number = attribute(&element, "numFmtId").and_then(|text| text.parse().ok());
                    if let (Some(number), Some(code)) = (number, attribute(&element, "formatCode")) {
                        codes.insert(number, is_moment(&code));
                    }
                }
                "cellXfs" => in_styles = true,
                "xf" if in_styles => {
                    let format = attribute(&element, "numFmtId").and_then(|text| text.parse().ok()).unwrap_or(0);
                    if codes.get(&format).copied().unwrap_or_else(|| is_built_in_moment(format)) {
                        found.insert(styles);
                    }
                    styles += 1;
                }
                _ => {}
            },
            Event::End(element) if element.local_name().as_ref() == "cellXfs" => in_styles = false,
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

/// A number of days as `YYYY-MM-DD HH:MM:SS`, to the nearest second; none where it stands for no day.
pub(super) fn moment(days: f64, since_1904: bool) -> Option<String> {
    if !(0.0..END_OF_TIME).contains(&days) {
        return None;
    }
    let epoch = match (since_1904, days < 60.0) {
        (true, _) => date(1904, 1, 1),
        // The other epoch's calendar has a 29 February 1900, which is the day 60.
        (false, true) => date(1899, 12, 31),
        (false, false) => date(1899, 12, 30),
    };
    let seconds = (days * 86_400.0).round();
    #[expect(clippy::cast_possible_truncation, reason = "days are bounded above")]
    let moment = epoch.at(0, 0, 0, 0).checked_add(SignedDuration::from_secs(seconds as i64)).ok()?;
    Some(moment.strftime("%Y-%m-%d %H:%M:%S").to_string())
}

/// A moment that a workbook gives as a text of ISO 8601, in the same form; any other text as it is.
pub(super) fn iso_moment(text: String) -> String {
    let read = text.parse::<Timestamp>().map(|moment| moment.to_zoned(jiff::tz::TimeZone::UTC).datetime());
    match read.or_else(|_| text.parse::<DateTime>()) {
        Ok(moment) => moment.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        Err(_) => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_become_moments() {
        for (days, says) in [
            (45_000.0, "2023-03-15 00:00:00"),
            (45_000.5, "2023-03-15 12:00:00"),
            (45_943.541, "2025-10-13 12:59:02"),
            (45_000.999_999, "2023-03-16 00:00:00"),
            (1.0, "1900-01-01 00:00:00"),
            (59.0, "1900-02-28 00:00:00"),
            (61.0, "1900-03-01 00:00:00"),
        ] {
            assert_eq!(moment(days, false).as_deref(), Some(says), "{days}");
        }
        assert_eq!(moment(0.0, true).as_deref(), Some("1904-01-01 00:00:00"));
        assert_eq!(moment(43_538.25, true).as_deref(), Some("2023-03-15 06:00:00"));
        for nothing in [-1.0, END_OF_TIME, f64::NAN, f64::INFINITY, 1e300] {
            assert_eq!(moment(nothing, false), None, "{nothing}");
        }
    }

    #[test]
    fn formats_of_moments_are_known() {
        for code in ["yyyy-mm-dd hh:mm:ss", "d/m/yy", "[$-409]mmm d", r#""on" dd.mm.yyyy"#, "h:mm AM/PM", "[Red]dd"] {
            assert!(is_moment(code), "{code}");
        }
        for code in ["General", "0.00", "[h]:mm:ss", r#"0 "days""#, r"0\d", "@", "#,##0;[Red]-#,##0", "0_d"] {
            assert!(!is_moment(code), "{code}");
        }
    }

    #[test]
    fn moments_as_texts_take_the_same_form() {
        let iso = |text: &str| iso_moment(text.to_owned());
        assert_eq!(iso("2023-03-15T06:00:00"), "2023-03-15 06:00:00");
        assert_eq!(iso("2023-03-15T06:00:00Z"), "2023-03-15 06:00:00");
        assert_eq!(iso("2023-03-15"), "2023-03-15 00:00:00");
        assert_eq!(iso("yesterday"), "yesterday");
    }
}
