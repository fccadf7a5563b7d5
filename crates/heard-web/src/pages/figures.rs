//! The pictures of a year in review.

use heard_history::stats::{Date, Period, Trend, Wrapped};
use jiff::civil;

use super::card::{amount, hours, measure};
use super::words::MONTHS;
use crate::chart::{self, Calendar, ChartError, Clock, Size, Svg, Theme, Timeline, TimelineShape, TimelineUnit};

/// As wide as a phone's page, so that letters there have their own size.
const WIDTH: u32 = 380;

/// Months, days and hours, in the colours of a theme. Weeks begin so many days after Monday.
pub(super) fn figures(found: &Wrapped, week_start: u8, theme: Theme) -> Result<[Svg; 3], ChartError> {
    let size = Size::new(WIDTH, None)?;
    Ok([
        chart::timeline(&months(found), &size, theme),
        chart::calendar(&days(found, week_start), &size, theme),
        chart::circular_clock(&clock(found), &size, theme),
    ])
}

fn months(found: &Wrapped) -> Timeline {
    let of = |row: &Trend| amount(found.by, row.plays, row.ms_played);
    let value = |rows: &[Trend], month: u8| rows.iter().find(|row| row.unit.first_day().month() == month).map_or(0, of);
    let units = match found.period {
        Period::Year(_) => (1..)
            .zip(MONTHS)
            .map(|(month, name)| TimelineUnit {
                label: name[..3].to_owned(),
                value: value(&found.months, month),
                before: found.before.as_ref().map(|before| value(&before.months, month)),
            })
            .collect(),
        _ => found
            .months
            .iter()
            .map(|row| TimelineUnit { label: row.unit.to_string(), value: of(row), before: None })
            .collect(),
    };
    Timeline {
        title: "Month by month".to_owned(),
        subtitle: String::new(),
        units,
        shape: TimelineShape::Bars,
        name: found.period.to_string(),
        name_before: found.before.as_ref().map(|before| before.period.to_string()).unwrap_or_default(),
        measure: measure(found.by),
        footer: String::new(),
    }
}

fn days(found: &Wrapped, week_start: u8) -> Calendar {
    Calendar {
        title: "Day by day".to_owned(),
        subtitle: String::new(),
        days: found
            .days
            .iter()
            .map(|day| (number(day.day), amount(found.by, day.amount.plays, day.amount.ms_played)))
            .collect(),
        week_start,
        measure: measure(found.by),
        footer: String::new(),
    }
}

fn clock(found: &Wrapped) -> Clock {
    Clock {
        title: "Hour by hour".to_owned(),
        subtitle: String::new(),
        hours: hours(found),
        measure: measure(found.by),
        footer: String::new(),
    }
}

/// Days since 1970-01-01.
fn number(date: Date) -> i32 {
    let month = i8::try_from(date.month()).unwrap_or(1);
    let date = civil::Date::new(date.year(), month, i8::try_from(date.day()).unwrap_or(1)).unwrap_or_default();
    let days = civil::date(1970, 1, 1).duration_until(date).as_hours() / 24;
    i32::try_from(days).unwrap_or_default()
}
