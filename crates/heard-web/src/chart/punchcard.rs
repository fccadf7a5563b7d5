use super::{
    Measure, Size, Svg, Theme,
    axis::row_of_labels,
    canvas::Area,
    face::Weight,
    frame::{Frame, Heading, NOTHING},
    measure::{part, total},
    text::{Anchor, Line},
};

/// The hours of the week: seven days of 24 hours.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Punchcard {
    /// What is counted, as "Plays by weekday and hour".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// The amounts, Monday first, each day from midnight on.
    pub hours: [[u64; 24]; 7],
    /// The day that is drawn first: 0 for Monday, 6 for Sunday.
    pub week_start: u8,
    /// What the amounts are.
    pub measure: Measure,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// The days in the order of [`Punchcard::hours`].
pub const WEEKDAYS: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/// Draws a disc for each hour of the week, its area from zero as large as the amount, with each day's sum as text.
pub fn punchcard(card: &Punchcard, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&card.title, &card.subtitle, &card.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let sums = card.hours.map(total);
    let told = match most(card) {
        None => {
            frame.note(NOTHING);
            vec![NOTHING.to_owned()]
        }
        Some((day, hour, value)) => {
            let peak = format!("Most: {} {hour:02}:00, {}", WEEKDAYS[day], card.measure.text(value));
            draw(&mut frame, card, &sums, value, &peak, &heading.footer);
            let days = (0..7).map(|day| format!("{}: {}", WEEKDAYS[day], card.measure.text(sums[day])));
            days.chain([peak]).collect()
        }
    };
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Hours of the week"), &description)
}

/// The first of the largest amounts; `None` when all are zero.
fn most(card: &Punchcard) -> Option<(usize, usize, u64)> {
    let all = (0..7).flat_map(|day| (0..24).map(move |hour| (day, hour)));
    let (day, hour) = all.rev().max_by_key(|(day, hour)| card.hours[*day][*hour])?;
    Some((day, hour, card.hours[day][hour])).filter(|(.., value)| *value > 0)
}

fn draw(frame: &mut Frame, card: &Punchcard, sums: &[u64; 7], most: u64, peak: &str, footer: &str) {
    let unit = frame.unit;
    let style = frame.style(13.0, Weight::Regular);
    let small = frame.style(12.0, Weight::Regular);
    let wide = frame.inner() >= 520.0 * unit;
    let names = WEEKDAYS.map(|name| if wide { name } else { &name[..2] });
    let widest = |texts: &[String]| texts.iter().map(|text| Line::new(text, style).width()).fold(0.0, f64::max);
    let left = widest(&names.map(str::to_owned)) + 10.0 * unit;
    let sums = sums.map(|sum| card.measure.text(sum));
    let right = if frame.inner() >= 320.0 * unit { widest(&sums) + 12.0 * unit } else { 0.0 };
    let column = (frame.inner() - left - right) / 24.0;
    let axis = 26.0 * unit;
    let below = axis + frame.note_height();
    let stage = frame.stage((column * 1.15).max(22.0 * unit) * 7.0 + below, footer);
    let row = (stage.height - below) / 7.0;
    if row < 15.0 * unit || column < 2.0 * unit {
        return frame.too_small();
    }
    let zero = frame.left + left;
    for place in 0..7 {
        let day = (place + usize::from(card.week_start)) % 7;
        let middle = frame.y + row * (place as f64 + 0.5);
        let (quiet, ink, baseline) = (frame.palette.quiet, frame.palette.ink, middle + 4.6 * unit);
        frame.label((frame.left, baseline), Anchor::Start, names[day], style, left, ink);
        if right > 0.0 {
            frame.label((frame.right, baseline), Anchor::End, &sums[day], style, right, quiet);
        }
        let lane = Area { x: zero, y: middle - 0.5 * unit, width: column * 24.0, height: unit };
        frame.canvas.rectangle(lane, 0.0, frame.palette.rule);
        discs(frame, card, day, most, (zero, middle), (column, row));
    }
    frame.y += row * 7.0;
    let hours: Vec<String> = (0..24).map(|hour| hour.to_string()).collect();
    row_of_labels(frame, frame.y + 16.0 * unit, small, &hours, |hour| zero + column * (hour as f64 + 0.5));
    frame.y += axis;
    frame.note(peak);
}

fn discs(frame: &mut Frame, card: &Punchcard, day: usize, most: u64, (zero, middle): (f64, f64), cell: (f64, f64)) {
    let (column, row) = cell;
    let largest = column.min(row) * 0.47;
    for (hour, value) in card.hours[day].iter().enumerate().filter(|(_, value)| **value > 0) {
        let radius = (largest * part(*value, most).sqrt()).max((0.8 * frame.unit).min(largest));
        let name = format!("{} {hour:02}:00: {}", WEEKDAYS[day], card.measure.text(*value));
        frame.canvas.begin_group(&name);
        frame.canvas.circle((zero + column * (hour as f64 + 0.5), middle), radius, frame.palette.bar);
        frame.canvas.end_group();
    }
}
