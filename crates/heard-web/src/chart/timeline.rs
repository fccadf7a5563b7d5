use super::{
    Measure, Size, Svg, Theme,
    axis::Axes,
    canvas::Area,
    face::Weight,
    frame::{Frame, Heading, NOTHING},
    legend::{Legend, Mark},
    legible,
    measure::total,
    path::Path,
    text::{Anchor, Line},
};

/// Amounts per unit of time, perhaps beside those of the period before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// What is counted, as "Plays per month".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// Days, months or years, in order.
    pub units: Vec<TimelineUnit>,
    /// How they are drawn.
    pub shape: TimelineShape,
    /// What the amounts are, as "2024".
    pub name: String,
    /// What the amounts of the period before are, as "2023".
    pub name_before: String,
    /// What the amounts are.
    pub measure: Measure,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// One unit of a [`Timeline`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TimelineUnit {
    /// Its name, as "Mar 2024".
    pub label: String,
    /// Its amount.
    pub value: u64,
    /// The amount of the same unit in the period before, where there was one.
    pub before: Option<u64>,
}

/// How a [`Timeline`] is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TimelineShape {
    /// A bar for each unit; a line, too, where bars would be thinner than three pixels.
    #[default]
    Bars,
    /// A line through all units.
    Line,
}

/// Draws amounts over time from zero upwards, those of the period before as a mark across each bar or as a line in
/// dashes. Bars bear their amounts where these fit; otherwise an axis does.
pub fn timeline(line: &Timeline, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&line.title, &line.subtitle, &line.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let told = if line.units.is_empty() {
        frame.note(NOTHING);
        vec![NOTHING.to_owned()]
    } else {
        draw(&mut frame, line, &heading.footer);
        told(line)
    };
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Over time"), &description)
}

/// Sum, most and the units themselves, unless they are many.
fn told(line: &Timeline) -> Vec<String> {
    let sum = total(line.units.iter().map(|unit| unit.value));
    let mut told = vec![format!("{} in all", line.measure.text(sum))];
    told.extend(
        line.units.iter().rev().max_by_key(|unit| unit.value).map(|unit| format!("Most: {}", words(line, unit))),
    );
    if line.units.len() <= 24 {
        told.extend(line.units.iter().map(|unit| words(line, unit)));
    }
    told
}

fn words(line: &Timeline, unit: &TimelineUnit) -> String {
    let words = format!("{}: {}", legible(&unit.label), line.measure.text(unit.value));
    let Some(before) = unit.before else {
        return words;
    };
    let name = match legible(&line.name_before) {
        name if name.is_empty() => "before".to_owned(),
        name => name,
    };
    format!("{words} ({name}: {})", line.measure.text(before))
}

fn draw(frame: &mut Frame, line: &Timeline, footer: &str) {
    let compared = line.units.iter().any(|unit| unit.before.is_some());
    let legend = Legend::new(frame, if compared { entries(frame, line) } else { Vec::new() });
    let height = (frame.inner() * 0.42).max(220.0 * frame.unit) + legend.height();
    let stage = frame.stage(height, footer);
    let below = Area { y: stage.y + legend.height(), height: stage.height - legend.height(), ..stage };
    let most = line.units.iter().map(|unit| unit.value.max(unit.before.unwrap_or(0))).max().unwrap_or(0);
    let Some(axes) = Axes::new(frame, below, line.measure, most) else {
        return frame.too_small();
    };
    legend.draw(frame);
    let slot = axes.area.width / line.units.len() as f64;
    let middle = |at: usize| axes.area.x + slot * (at as f64 + 0.5);
    if is_line(frame, line) {
        axes.draw_amounts(frame, true);
        draw_lines(frame, line, &axes, compared, middle);
    } else {
        draw_bars(frame, line, &axes, slot);
    }
    let labels: Vec<String> = line.units.iter().map(|unit| legible(&unit.label)).collect();
    axes.draw_units(frame, &labels, middle);
    frame.y = below.y + below.height;
}

fn is_line(frame: &Frame, line: &Timeline) -> bool {
    let slot = frame.inner() / line.units.len() as f64;
    line.units.len() > 1 && (line.shape == TimelineShape::Line || slot < 3.0)
}

fn entries(frame: &Frame, line: &Timeline) -> Vec<(Mark, String)> {
    let named = |name: &str, otherwise: &str| match legible(name) {
        name if name.is_empty() => otherwise.to_owned(),
        name => name,
    };
    let (bar, quiet) = (frame.palette.bar, frame.palette.quiet);
    let is_line = is_line(frame, line);
    let now = if is_line { Mark::Stroke(bar, false) } else { Mark::Patch(bar) };
    vec![(now, named(&line.name, "now")), (Mark::Stroke(quiet, is_line), named(&line.name_before, "before"))]
}

fn draw_bars(frame: &mut Frame, line: &Timeline, axes: &Axes, slot: f64) {
    let unit = frame.unit;
    let style = frame.style(12.0, Weight::Regular);
    let amounts: Vec<Line> = line.units.iter().map(|unit| Line::new(&line.measure.text(unit.value), style)).collect();
    let written = amounts.iter().all(|amount| amount.width() + 6.0 * unit <= slot);
    axes.draw_amounts(frame, !written);
    let width = (slot * 0.74).min(90.0 * unit);
    for (at, (entry, amount)) in line.units.iter().zip(&amounts).enumerate() {
        let middle = axes.area.x + slot * (at as f64 + 0.5);
        frame.canvas.begin_group(&words(line, entry));
        if entry.value > 0 {
            let height = (axes.zero() - axes.y(entry.value as f64)).max(1.5 * unit);
            let bar = Area { x: middle - width / 2.0, y: axes.zero() - height, width, height };
            frame.canvas.rectangle(bar, 2.0 * unit, frame.palette.bar);
        }
        if let Some(before) = entry.before {
            let across = Area {
                x: middle - slot * 0.46,
                y: axes.y(before as f64) - 1.5 * unit,
                width: slot * 0.92,
                height: 3.0 * unit,
            };
            frame.canvas.rectangle(across, unit, frame.palette.ground);
            let inner = Area { y: across.y + 0.4 * unit, height: 2.2 * unit, ..across };
            frame.canvas.rectangle(inner, unit, frame.palette.quiet);
        }
        if written {
            let top = axes.y(entry.value.max(entry.before.unwrap_or(0)) as f64);
            frame.canvas.text(middle, top - 6.0 * unit, Anchor::Middle, amount, frame.palette.ink);
        }
        frame.canvas.end_group();
    }
}

fn draw_lines(frame: &mut Frame, line: &Timeline, axes: &Axes, compared: bool, middle: impl Fn(usize) -> f64) {
    let unit = frame.unit;
    if compared {
        let before = line.units.iter().map(|unit| unit.before);
        let points = before.enumerate().map(|(at, before)| Some((middle(at), axes.y(before? as f64))));
        frame.canvas.stroke(&Path::broken(points), 1.8 * unit, true, frame.palette.quiet);
    }
    let points = line.units.iter().enumerate().map(|(at, unit)| (middle(at), axes.y(unit.value as f64)));
    frame.canvas.stroke(&Path::through(points), 2.4 * unit, false, frame.palette.bar);
    frame.canvas.end_line();
    if axes.area.width / line.units.len() as f64 >= 10.0 * unit {
        for (at, entry) in line.units.iter().enumerate() {
            frame.canvas.begin_group(&words(line, entry));
            frame.canvas.circle((middle(at), axes.y(entry.value as f64)), 3.4 * unit, frame.palette.bar);
            frame.canvas.end_group();
        }
    }
}
