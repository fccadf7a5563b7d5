use std::collections::BTreeMap;

use jiff::civil;

use super::{
    Measure, Size, Svg, Theme,
    axis::row_of_labels,
    canvas::Area,
    day::{self, MONTHS},
    face::Weight,
    frame::{Frame, Heading, NOTHING},
    legend::{Legend, Mark},
    measure::total,
    punchcard::WEEKDAYS,
    text::{Anchor, Line},
};

/// Amounts of days as a calendar.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// What is counted, as "Plays per day".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// Days since 1970-01-01 and their amounts; several of one day are added up.
    pub days: Vec<(i32, u64)>,
    /// The day on which weeks begin: 0 for Monday, 6 for Sunday.
    pub week_start: u8,
    /// What the amounts are.
    pub measure: Measure,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// Years that are drawn at most.
const YEARS: usize = 150;
/// Below the legend, in units.
const LEGEND_GAP: f64 = 18.0;
/// A year can touch so many weeks.
const WEEKS: f64 = 54.0;

/// Draws a square for each day of each year that has any amount, the last year first, a column for each
/// week; the more, the further from the ground, in five steps that hold equally many days.
pub fn calendar(calendar: &Calendar, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&calendar.title, &calendar.subtitle, &calendar.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let years = years(calendar);
    let told = if years.is_empty() {
        frame.note(NOTHING);
        vec![NOTHING.to_owned()]
    } else {
        draw(&mut frame, &years, calendar, &heading.footer);
        years.iter().map(|year| in_words(year, calendar.measure)).collect()
    };
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Calendar"), &description)
}

struct Year {
    year: i16,
    days: BTreeMap<civil::Date, u64>,
}

/// The years that have an amount, the last first.
fn years(calendar: &Calendar) -> Vec<Year> {
    let mut years: BTreeMap<i16, BTreeMap<civil::Date, u64>> = BTreeMap::new();
    for (day, value) in calendar.days.iter().filter(|(_, value)| *value > 0) {
        if let Some(date) = day::date(*day) {
            let sum = years.entry(date.year()).or_default().entry(date).or_default();
            *sum = sum.saturating_add(*value);
        }
    }
    years.into_iter().rev().map(|(year, days)| Year { year, days }).collect()
}

fn in_words(year: &Year, measure: Measure) -> String {
    let sum = measure.text(total(year.days.values().copied()));
    let most = year.days.iter().rev().max_by_key(|(_, value)| **value);
    let most = most.map(|(date, value)| format!(", most on {date}: {}", measure.text(*value))).unwrap_or_default();
    format!("{}: {sum} on {} days{most}", year.year, year.days.len())
}

/// The largest amount of each step; a step that holds no other amounts than the one before is left out.
fn steps(years: &[Year]) -> Vec<u64> {
    let mut values: Vec<u64> = years.iter().flat_map(|year| year.days.values().copied()).collect();
    values.sort_unstable();
    let mut steps: Vec<u64> =
        (1..=5).filter_map(|step| values.get((values.len() * step / 5).max(1) - 1).copied()).collect();
    steps.dedup();
    steps
}

fn step_of(steps: &[u64], value: u64) -> usize {
    // Few steps are the strong ones.
    let step = steps.iter().position(|most| value <= *most).unwrap_or(0);
    step + 5 - steps.len().max(1)
}

fn legend(frame: &Frame, steps: &[u64], measure: Measure) -> Legend {
    let mut least = 1;
    let mut entries = vec![(Mark::Patch(frame.palette.lane), "0".to_owned())];
    for most in steps {
        let text = match measure {
            Measure::Count | Measure::Hundredths if least == *most => measure.text(*most),
            Measure::Count | Measure::Hundredths => format!("{}–{}", measure.text(least), measure.text(*most)),
            Measure::Time => format!("up to {}", measure.text(*most)),
        };
        entries.push((Mark::Patch(frame.palette.heat[step_of(steps, *most)]), text));
        least = most.saturating_add(1);
    }
    Legend::new(frame, entries)
}

/// The lengths of a year's picture, in CSS pixels.
struct Form {
    left: f64,
    pitch: f64,
    head: f64,
    height: f64,
    weekdays: bool,
    week_start: u8,
}

impl Form {
    fn new(frame: &Frame, week_start: u8) -> Self {
        let unit = frame.unit;
        let names = Line::new("Wed", frame.style(11.0, Weight::Regular)).width() + 8.0 * unit;
        let weekdays = (frame.inner() - names) / WEEKS * 2.0 >= 13.0 * unit;
        let left = if weekdays { names } else { 0.0 };
        let pitch = (frame.inner() - left) / WEEKS;
        let head = 42.0 * unit;
        Self { left, pitch, head, height: head + pitch * 7.0 + 18.0 * unit, weekdays, week_start: week_start % 7 }
    }

    /// The row of a weekday, from 0.
    fn row(&self, date: civil::Date) -> f64 {
        f64::from((date.weekday().to_monday_zero_offset().unsigned_abs() + 7 - self.week_start) % 7)
    }
}

fn draw(frame: &mut Frame, years: &[Year], calendar: &Calendar, footer: &str) {
    let (steps, measure) = (steps(years), calendar.measure);
    let legend = legend(frame, &steps, measure);
    let form = Form::new(frame, calendar.week_start);
    let fit = |room: f64| {
        (((room - legend.height() - LEGEND_GAP * frame.unit) / form.height).max(0.0) as usize)
            .min(years.len())
            .min(YEARS)
    };
    let shown = match frame.room(footer) {
        None => years.len().min(YEARS),
        Some(room) if fit(room) == years.len() => years.len(),
        Some(room) => fit(room - frame.note_height()),
    };
    if shown == 0 {
        return frame.too_small();
    }
    legend.draw(frame);
    frame.y += LEGEND_GAP * frame.unit;
    for year in &years[..shown] {
        draw_year(frame, year, &form, &steps, measure);
    }
    if shown < years.len() {
        frame.note(&format!("… and {} more years", years.len() - shown));
    }
}

fn draw_year(frame: &mut Frame, year: &Year, form: &Form, steps: &[u64], measure: Measure) {
    let (unit, palette) = (frame.unit, frame.palette);
    let [strong, small] = [frame.style(15.0, Weight::Semibold), frame.style(11.0, Weight::Regular)];
    let top = frame.y + form.head;
    let baseline = frame.y + 14.0 * unit;
    let name = Line::new(&year.year.to_string(), strong);
    frame.canvas.text(frame.left, baseline, Anchor::Start, &name, palette.ink);
    let plain = frame.style(13.0, Weight::Regular);
    let sum = measure.text(total(year.days.values().copied()));
    let room = frame.inner() - name.width() - 12.0 * unit;
    frame.label((frame.right, baseline), Anchor::End, &sum, plain, room, palette.quiet);
    let first = civil::date(year.year, 1, 1);
    let before = form.row(first);
    let column = |date: civil::Date| ((f64::from(date.day_of_year() - 1) + before) / 7.0).floor();
    let zero = frame.left + form.left;
    let place = |month: usize| zero + form.pitch * (column(civil::date(year.year, month as i8 + 1, 1)) + 2.2);
    row_of_labels(frame, top - 7.0 * unit, small, &MONTHS.map(str::to_owned), place);
    if form.weekdays {
        for row in [0_u8, 2, 4] {
            let name = &WEEKDAYS[usize::from((row + form.week_start) % 7)][..3];
            let y = top + form.pitch * (f64::from(row) + 0.5) + 3.8 * unit;
            frame.label((frame.left, y), Anchor::Start, name, small, form.left, palette.quiet);
        }
    }
    let side = form.pitch * 0.86;
    for date in first.series(jiff::Span::new().days(1)).take_while(|date| date.year() == year.year) {
        let cell = Area {
            x: zero + form.pitch * column(date),
            y: top + form.pitch * form.row(date),
            width: side,
            height: side,
        };
        match year.days.get(&date) {
            None => frame.canvas.rectangle(cell, side * 0.15, palette.lane),
            Some(value) => {
                frame.canvas.begin_group(&format!("{date}: {}", measure.text(*value)));
                frame.canvas.rectangle(cell, side * 0.15, palette.heat[step_of(steps, *value)]);
                frame.canvas.end_group();
            }
        }
    }
    frame.y += form.height;
}
