use jiff::{Span, civil};

/// A day of the calendar, from its number: days since 1970-01-01. `None` outside the years -9999 to 9999.
pub(super) fn date(day: i32) -> Option<civil::Date> {
    civil::date(1970, 1, 1).checked_add(Span::new().try_days(day).ok()?).ok()
}

/// The months, short.
pub(super) const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_counted_from_1970() {
        assert_eq!(date(0), Some(civil::date(1970, 1, 1)));
        assert_eq!(date(-1), Some(civil::date(1969, 12, 31)));
        assert_eq!(date(19_782), Some(civil::date(2024, 2, 29)));
        assert_eq!(date(i32::MAX), None);
        assert_eq!(date(i32::MIN), None);
    }
}
