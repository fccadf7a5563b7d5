use super::{
    Size, Svg, Theme,
    axis::row_of_labels,
    face::Weight,
    frame::{Frame, Heading, NOTHING, named},
    legend::{Legend, Mark},
    legible,
    palette::Colour,
    path::{Path, Point},
    text::{Anchor, Line},
};

/// Ranks over time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bump {
    /// What is ranked, as "Top artists by month".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// The names of the units of time, in order.
    pub units: Vec<String>,
    /// How many ranks are drawn; a line is broken where it is below them.
    pub places: u32,
    /// What is ranked.
    pub lines: Vec<BumpLine>,
    /// What it is a part of; may be empty.
    pub footer: String,
}

/// One line of a [`Bump`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BumpLine {
    /// Its name, as it was reported.
    pub name: String,
    /// Its rank from 1 on in each unit, where it has one.
    pub ranks: Vec<Option<u32>>,
}

/// Most ranks that are drawn.
const PLACES: u32 = 100;

/// Draws ranks over time as lines, the first rank above. Who has a rank at the end is named there, the others below.
pub fn bump(bump: &Bump, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&bump.title, &bump.subtitle, &bump.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let lines = lines(bump, &frame);
    let told = if lines.is_empty() {
        frame.note(NOTHING);
        vec![NOTHING.to_owned()]
    } else {
        draw(&mut frame, bump, &lines, &heading.footer);
        lines.iter().map(|line| line.words.clone()).collect()
    };
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Ranks over time"), &description)
}

struct Drawn {
    name: String,
    words: String,
    colour: Colour,
    dashed: bool,
    ranks: Vec<Option<u32>>,
}

impl Drawn {
    /// The rank at the end.
    fn last(&self) -> Option<u32> {
        self.ranks.last().copied().flatten()
    }
}

/// The lines that have a rank that is drawn.
fn lines(bump: &Bump, frame: &Frame) -> Vec<Drawn> {
    let places = bump.places.min(PLACES);
    let rank =
        |line: &BumpLine, at: usize| line.ranks.get(at).copied().flatten().filter(|rank| (1..=places).contains(rank));
    let drawn = |line: &BumpLine| {
        let ranks: Vec<_> = (0..bump.units.len()).map(|at| rank(line, at)).collect();
        ranks.iter().any(Option::is_some).then(|| (named(&line.name), ranks))
    };
    let colours = frame.palette.series;
    let all = bump.lines.iter().filter_map(drawn).enumerate();
    all.map(|(index, (name, ranks))| Drawn {
        words: in_words(&name, &bump.units, &ranks),
        name,
        colour: colours[index % colours.len()],
        dashed: index / colours.len() % 2 == 1,
        ranks,
    })
    .collect()
}

/// The ranks in words; of many, the first, the best and the last.
fn in_words(name: &str, units: &[String], ranks: &[Option<u32>]) -> String {
    let all: Vec<(&String, u32)> = units.iter().zip(ranks).filter_map(|(unit, rank)| Some((unit, (*rank)?))).collect();
    let told = if all.len() <= 12 {
        all
    } else {
        let best = all.iter().min_by_key(|(_, rank)| *rank);
        [all.first(), best, all.last()].into_iter().flatten().copied().collect()
    };
    let told: Vec<String> = told.iter().map(|(unit, rank)| format!("{} #{rank}", legible(unit))).collect();
    format!("{name}: {}", told.join(", "))
}

fn draw(frame: &mut Frame, bump: &Bump, lines: &[Drawn], footer: &str) {
    let unit = frame.unit;
    let places = f64::from(bump.places.min(PLACES));
    let others = lines.iter().filter(|line| line.last().is_none());
    let legend = Legend::new(frame, others.map(|line| (Mark::Stroke(line.colour, line.dashed), line.name.clone())));
    let below = 26.0 * unit + legend.height();
    let stage = frame.stage(places * 36.0 * unit + below, footer);
    let row = (stage.height - below) / places;
    let Columns { first, last, names } = Columns::new(frame, bump, lines);
    if row < 15.0 * unit || last - first < 30.0 * unit {
        return frame.too_small();
    }
    let steps = bump.units.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| first + (last - first) * at as f64 / steps;
    let y = |rank: u32| stage.y + row * (f64::from(rank) - 0.5);
    let small = frame.style(12.0, Weight::Regular);
    for rank in 1..=bump.places.min(PLACES) {
        let at = (first - 16.0 * unit, y(rank) + 4.2 * unit);
        frame.label(at, Anchor::End, &rank.to_string(), small, first, frame.palette.quiet);
    }
    frame.canvas.end_line();
    let style = frame.style(14.0, Weight::Regular);
    for line in lines {
        frame.canvas.begin_group(&line.words);
        let points: Vec<Option<Point>> =
            line.ranks.iter().enumerate().map(|(at, rank)| rank.map(|rank| (x(at), y(rank)))).collect();
        draw_line(frame, line, &points, (row, (last - first) / steps));
        if let Some(rank) = line.last() {
            let room = frame.right - names + 0.01;
            let end = if bump.units.len() > 1 { names } else { first + 16.0 * unit };
            frame.label((end, y(rank) + 5.0 * unit), Anchor::Start, &line.name, style, room, frame.palette.ink);
        }
        frame.canvas.end_group();
    }
    let labels: Vec<String> = bump.units.iter().map(|label| legible(label)).collect();
    frame.y = stage.y + row * places;
    row_of_labels(frame, frame.y + 18.0 * unit, small, &labels, x);
    frame.y += 26.0 * unit;
    legend.draw(frame);
}

/// Where the first and the last unit and the names stand.
struct Columns {
    first: f64,
    last: f64,
    names: f64,
}

impl Columns {
    fn new(frame: &Frame, bump: &Bump, lines: &[Drawn]) -> Self {
        let unit = frame.unit;
        let style = frame.style(14.0, Weight::Regular);
        let most = frame.inner() * 0.36;
        let ended = lines.iter().filter(|line| line.last().is_some());
        let widest = ended.map(|line| Line::fit(&line.name, style, most).width()).fold(0.0, f64::max);
        let digits = Line::new(&bump.places.min(PLACES).to_string(), frame.style(12.0, Weight::Regular)).width();
        let names = frame.right - widest;
        Self { first: frame.left + digits + 16.0 * unit, last: names - 16.0 * unit, names }
    }
}

fn draw_line(frame: &mut Frame, line: &Drawn, points: &[Option<Point>], (row, slot): (f64, f64)) {
    let width = (row * 0.14).min(3.2 * frame.unit);
    let mut path = Path::default();
    let mut before: Option<Point> = None;
    for point in points {
        if let Some(point) = point {
            match before {
                Some(before) => path.glide(before, *point),
                None => path.jump(*point),
            }
        }
        before = *point;
    }
    frame.canvas.stroke(&path, width, line.dashed, line.colour);
    let roomy = slot >= 16.0 * frame.unit;
    let radius = (row * 0.18).min(5.6 * frame.unit);
    for (at, point) in points.iter().enumerate() {
        let alone = (at == 0 || points[at - 1].is_none()) || points.get(at + 1).is_none_or(Option::is_none);
        if let Some(point) = point.filter(|_| roomy || alone) {
            let radius = if roomy { radius } else { radius.min(slot * 0.45).max(width / 2.0) };
            frame.canvas.circle(point, radius, line.colour);
            if line.dashed {
                // Without its line, a dot would be taken for one of the first with that colour.
                frame.canvas.circle(point, radius * 0.5, frame.palette.ground);
            }
        }
    }
}
