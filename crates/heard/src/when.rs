//! When something was played, as a person types it.

use heard_history::listen::FIRST_PLAUSIBLE;
use heard_history::zone::Zone;
use jiff::Timestamp;
use jiff::civil::DateTime;

/// Unix seconds of this size lie beyond the year 5000, so whoever writes them means milliseconds.
const MILLISECONDS: i64 = 100_000_000_000;

const FORMS: &str = "write \"10m\" for ten minutes ago, \"2026-05-01 12:30\", RFC 3339, or Unix seconds";

/// The second that is meant: so long ago, by the wall clock of the listener's zone, as RFC 3339, or in Unix seconds.
/// Otherwise a sentence that says why none can be meant.
pub(crate) fn played_at(text: &str, zone: &Zone, now: i64) -> Result<i64, String> {
    let text = text.trim();
    let second = match text.parse::<i64>() {
        Ok(number) if number.unsigned_abs() >= MILLISECONDS.unsigned_abs() => {
            return Err(format!("{text} would be milliseconds; write seconds: {}", number / 1000));
        }
        Ok(number) => number,
        Err(_) => ago(text, now).or_else(|| shown(text, zone)).ok_or(format!("{text:?} is no moment; {FORMS}"))?,
    };
    if second > now {
        return Err(format!("{} lies in the future", crate::print::moment(second)));
    }
    if second < FIRST_PLAUSIBLE {
        return Err(format!("{} lies before 2002, when no scrobbling existed", crate::print::moment(second)));
    }
    Ok(second)
}

/// A number and a unit, with or without "ago".
fn ago(text: &str, now: i64) -> Option<i64> {
    let text = text.strip_suffix("ago").map_or(text, str::trim_end);
    let digits = text.trim_end_matches(char::is_alphabetic);
    let unit = match text.get(digits.len()..)? {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3_600,
        "d" => 86_400,
        _ => return None,
    };
    let number: u32 = digits.trim_end().parse().ok()?;
    Some(now.saturating_sub(i64::from(number) * unit))
}

/// A moment with its offset from UTC, or what the wall clock showed.
fn shown(text: &str, zone: &Zone) -> Option<i64> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Some(moment.as_second());
    }
    // A day alone is no moment, and a zone in brackets would be read over.
    let with_time = text.contains(':') && !text.contains('[');
    zone.moment(text.parse::<DateTime>().ok().filter(|_| with_time)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-05-01T12:00:00Z
    const NOW: i64 = 1_777_636_800;

    #[test]
    fn every_form_is_read() {
        let zone = Zone::named("Europe/Berlin").unwrap();
        for (text, before) in [
            ("0s", 0),
            ("90s", 90),
            ("10m", 600),
            ("10min ago", 600),
            (" 2h ago ", 7_200),
            ("2 h", 7_200),
            ("14d", 14 * 86_400),
            ("1777636800", 0),
            ("1777636740", 60),
            ("2026-05-01T11:59:00Z", 60),
            ("2026-05-01T13:59:00+02:00", 60),
            ("2026-05-01T13:59:59.999+02:00", 1),
            ("2026-05-01 14:00", 0),
            ("2026-05-01 13:59", 60),
            ("2026-05-01T13:59:30", 30),
        ] {
            assert_eq!(played_at(text, &zone, NOW), Ok(NOW - before), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_the_reason() {
        let zone = Zone::utc();
        for (text, says) in [
            ("1777636800000", "write seconds: 1777636800"),
            ("-1777636800000", "milliseconds"),
            ("1777636801", "2026-05-01T12:00:01Z lies in the future"),
            ("2026-05-01 12:01", "future"),
            ("2027-01-01T00:00:00Z", "future"),
            ("0", "1970-01-01T00:00:00Z lies before 2002"),
            ("-5", "before 2002"),
            ("4000000000s", "before 2002"),
            ("99999999999999999999", "no moment"),
            ("2026-05-01", "no moment"),
            ("2026-02-30 12:00", "no moment"),
            ("2026-05-01T10:00[Asia/Tokyo]", "no moment"),
            ("99999999999d", "no moment"),
            ("-5m", "no moment"),
            ("5 weeks", "no moment"),
            ("m", "no moment"),
            ("ago", "no moment"),
            ("yesterday", "no moment"),
            ("", "no moment"),
            ("１０m", "no moment"),
            ("\u{1b}[2J", "no moment"),
        ] {
            let told = played_at(text, &zone, NOW).unwrap_err();
            assert!(told.contains(says), "{text:?}: {told}");
        }
    }

    #[test]
    fn the_wall_clock_is_that_of_the_listener() {
        let moved = Zone::named("Europe/Berlin, 2026-04-01 Asia/Tokyo").unwrap();
        assert_eq!(played_at("2026-05-01 21:00", &moved, NOW), Ok(NOW));
        assert_eq!(played_at("2026-03-30 14:00", &moved, NOW), Ok(NOW - 32 * 86_400));
    }
}
