use super::{
    Size, Svg, Theme,
    canvas::Area,
    day,
    face::Weight,
    frame::{Frame, Heading, NOTHING, named},
    legible,
    path::Path,
    text::{Anchor, Line},
};

/// Moments that stand out, on a line of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestones {
    /// What they are, as "Milestones".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// The moments, in any order.
    pub points: Vec<Milestone>,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// One point of [`Milestones`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Milestone {
    /// Its day: days since 1970-01-01.
    pub day: i32,
    /// What it is, as "Play 10,000".
    pub label: String,
    /// More of it, as the track; may be empty.
    pub detail: String,
}

/// Rows told in words in the description.
const TOLD: usize = 20;

/// Draws moments on a line of time that runs downwards, each true to its day, with date and names beside it; where
/// many are close together the texts stand apart and lines lead to their days.
pub fn milestones(milestones: &Milestones, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&milestones.title, &milestones.subtitle, &milestones.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let points = points(milestones);
    let mut told: Vec<String> = points.iter().take(TOLD).map(Point::words).collect();
    if points.is_empty() {
        frame.note(NOTHING);
        told.push(NOTHING.to_owned());
    } else {
        draw(&mut frame, &points, &heading.footer);
        told.extend((points.len() > TOLD).then(|| format!("And {} more", points.len() - TOLD)));
    }
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Milestones"), &description)
}

struct Point {
    day: i32,
    date: String,
    label: String,
    detail: String,
}

impl Point {
    fn words(&self) -> String {
        let detail = if self.detail.is_empty() { String::new() } else { format!(", {}", self.detail) };
        format!("{}: {}{detail}", self.date, self.label)
    }
}

/// Those that are in the calendar, in order of time.
fn points(milestones: &Milestones) -> Vec<Point> {
    let point = |point: &Milestone| {
        let date = day::date(point.day)?.to_string();
        Some(Point { day: point.day, date, label: named(&point.label), detail: legible(&point.detail) })
    };
    let mut points: Vec<Point> = milestones.points.iter().filter_map(point).collect();
    points.sort_by_key(|point| point.day);
    points
}

fn draw(frame: &mut Frame, points: &[Point], footer: &str) {
    let unit = frame.unit;
    let row = if points.iter().any(|point| !point.detail.is_empty()) { 50.0 } else { 32.0 } * unit;
    let fit = |room: f64| ((room / row).max(0.0) as usize).min(points.len());
    let (shown, height) = match frame.room(footer) {
        None => (points.len(), row * points.len() as f64),
        Some(room) if fit(room) == points.len() => (points.len(), room),
        Some(room) => (fit(room - frame.note_height()), room - frame.note_height()),
    };
    if shown == 0 {
        return frame.too_small();
    }
    draw_line(frame, &points[..shown], row, height);
    frame.y += height;
    if shown < points.len() {
        frame.note(&format!("… and {} more", points.len() - shown));
    }
}

fn draw_line(frame: &mut Frame, points: &[Point], row: f64, height: f64) {
    let (unit, palette, top) = (frame.unit, frame.palette, frame.y);
    let [small, large] = [frame.style(12.5, Weight::Regular), frame.style(15.0, Weight::Regular)];
    let dates = points.iter().map(|point| Line::new(&point.date, small).width()).fold(0.0, f64::max);
    let line = frame.left + 8.0 * unit;
    let texts = line + 44.0 * unit;
    let labels = texts + dates + 14.0 * unit;
    let track = Area { x: line - unit, y: top, width: 2.0 * unit, height };
    frame.canvas.rectangle(track, unit, palette.rule);
    let (first, last) = (points[0].day, points[points.len() - 1].day);
    let days = (i64::from(last) - i64::from(first)).max(1) as f64;
    let inside = height - row;
    let true_y = |point: &Point| {
        let part = (i64::from(point.day) - i64::from(first)) as f64 / days;
        top + row / 2.0 + inside * if first == last { 0.0 } else { part }
    };
    let places = apart(points.iter().map(true_y).collect(), row, top + height - row / 2.0);
    for (point, y) in points.iter().zip(places) {
        let at = true_y(point);
        frame.canvas.begin_group(&point.words());
        let baseline = if point.detail.is_empty() { y + 5.0 * unit } else { y - 4.0 * unit };
        let mut lead = Path::through([(line, at), (line + 10.0 * unit, at)]);
        lead.glide((line + 10.0 * unit, at), (texts - 8.0 * unit, baseline - 4.5 * unit));
        frame.canvas.stroke(&lead, unit, false, palette.quiet);
        frame.canvas.circle((line, at), 5.0 * unit, palette.bar);
        frame.label((texts, baseline), Anchor::Start, &point.date, small, dates + 0.01, palette.quiet);
        frame.label((labels, baseline), Anchor::Start, &point.label, large, frame.right - labels, palette.ink);
        let room = frame.right - labels;
        frame.label((labels, y + 14.0 * unit), Anchor::Start, &point.detail, small, room, palette.quiet);
        frame.canvas.end_group();
    }
}

/// Places in order, each at least `distance` below the one before and none below `lowest`, close to where they were.
fn apart(mut places: Vec<f64>, distance: f64, lowest: f64) -> Vec<f64> {
    let mut least = f64::NEG_INFINITY;
    for place in &mut places {
        *place = place.max(least);
        least = *place + distance;
    }
    let mut most = lowest;
    for place in places.iter_mut().rev() {
        *place = place.min(most);
        most = *place - distance;
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_pushed_apart_and_stay_inside() {
        assert_eq!(apart(vec![0.0, 1.0, 2.0, 90.0], 10.0, 100.0), [0.0, 10.0, 20.0, 90.0]);
        assert_eq!(apart(vec![80.0, 85.0, 90.0], 10.0, 90.0), [70.0, 80.0, 90.0]);
        assert_eq!(apart(vec![5.0], 10.0, 90.0), [5.0]);
    }
}
