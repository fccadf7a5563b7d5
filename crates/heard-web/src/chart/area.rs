use super::{
    Measure, Size, Svg, Theme,
    axis::Axes,
    canvas::Area,
    frame::{Frame, Heading, NOTHING, named},
    legend::{Legend, Mark},
    legible,
    measure::{part, total},
    palette::Colour,
    path::Path,
};

/// Amounts of several things over time, one upon the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StackedArea {
    /// What is counted, as "Plays by source".
    pub title: String,
    /// Whose and when; may be empty.
    pub subtitle: String,
    /// The names of the units of time, in order.
    pub units: Vec<String>,
    /// From the lowest up. Beyond seven, the rest is added up and drawn as one.
    pub series: Vec<Series>,
    /// Everything else, which is drawn on top of them and stands back.
    pub rest: Option<Series>,
    /// Amounts, or their parts of each unit's sum.
    pub stack: Stack,
    /// What the amounts are.
    pub measure: Measure,
    /// What they are a part of; may be empty.
    pub footer: String,
}

/// One thing of a [`StackedArea`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Series {
    /// Its name, as it was reported.
    pub name: String,
    /// Its amount in each unit; what is missing is zero.
    pub values: Vec<u64>,
}

/// What is stacked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Stack {
    /// The amounts themselves.
    #[default]
    Amounts,
    /// Each unit's parts of a whole.
    Shares,
}

/// Draws amounts over time as bands upon each other from zero, with a legend that says each band's sum.
pub fn stacked_area(area: &StackedArea, size: &Size, theme: Theme) -> Svg {
    let heading = Heading::new(&area.title, &area.subtitle, &area.footer);
    let mut frame = Frame::new(size, theme);
    frame.head(&heading.title, &heading.subtitle);
    let bands = bands(area, &frame);
    let told = if bands.iter().all(|band| band.sum == 0) {
        frame.note(NOTHING);
        vec![NOTHING.to_owned()]
    } else {
        draw(&mut frame, area, &bands, &heading.footer);
        bands.iter().map(|band| band.words.clone()).collect()
    };
    let description = heading.description(told);
    frame.finish(&heading.footer, heading.spoken("Over time"), &description)
}

struct Band {
    words: String,
    colour: Colour,
    values: Vec<u64>,
    sum: u64,
}

fn bands(area: &StackedArea, frame: &Frame) -> Vec<Band> {
    let colours = frame.palette.series;
    let count = area.units.len();
    let value = |series: &Series, at: usize| series.values.get(at).copied().unwrap_or(0);
    let band = |name: String, colour, values: Vec<u64>| {
        let sum = total(values.iter().copied());
        Band { words: format!("{name}: {}", area.measure.text(sum)), colour, values, sum }
    };
    let mut bands: Vec<Band> = area
        .series
        .iter()
        .zip(colours)
        .map(|(series, colour)| band(named(&series.name), colour, (0..count).map(|at| value(series, at)).collect()))
        .collect();
    if let Some(rest) = area.series.get(colours.len()..).filter(|rest| !rest.is_empty()) {
        let values = (0..count).map(|at| total(rest.iter().map(|series| value(series, at)))).collect();
        bands.push(band(format!("{} others", rest.len()), frame.palette.quiet, values));
    }
    bands.extend(area.rest.iter().map(|rest| {
        let values = (0..count).map(|at| value(rest, at)).collect();
        band(named(&rest.name), frame.palette.rule, values)
    }));
    bands
}

fn draw(frame: &mut Frame, area: &StackedArea, bands: &[Band], footer: &str) {
    let legend = Legend::new(frame, bands.iter().map(|band| (Mark::Patch(band.colour), band.words.clone())));
    let stage = frame.stage((frame.inner() * 0.42).max(220.0 * frame.unit) + legend.height(), footer);
    let below = Area { y: stage.y + legend.height(), height: stage.height - legend.height(), ..stage };
    let sums: Vec<u64> = (0..area.units.len()).map(|at| total(bands.iter().map(|band| band.values[at]))).collect();
    let shares = area.stack == Stack::Shares;
    let most = sums.iter().copied().max().unwrap_or(0);
    let axes = if shares { Axes::of_parts(frame, below) } else { Axes::new(frame, below, area.measure, most) };
    let Some(axes) = axes else {
        return frame.too_small();
    };
    legend.draw(frame);
    let inside = axes.area;
    axes.draw_amounts(frame, true);
    let steps = area.units.len().saturating_sub(1).max(1) as f64;
    let x = |at: usize| inside.x + inside.width * at as f64 / steps;
    let y = |at: usize, sum: u64| axes.y(if shares { 100.0 * part(sum, sums[at]) } else { sum as f64 });
    let mut foot = vec![0_u64; area.units.len()];
    for band in bands {
        let head: Vec<u64> = foot.iter().zip(&band.values).map(|(foot, value)| foot.saturating_add(*value)).collect();
        let edge = |sums: &[u64]| -> Vec<(f64, f64)> {
            let mut points: Vec<_> = sums.iter().enumerate().map(|(at, sum)| (x(at), y(at, *sum))).collect();
            // One unit alone is as wide as all of them.
            points.extend(points.first().filter(|_| points.len() == 1).map(|(_, y)| (inside.x + inside.width, *y)));
            points
        };
        let mut outline = Path::through(edge(&head).into_iter().chain(edge(&foot).into_iter().rev()));
        outline.close();
        frame.canvas.begin_group(&band.words);
        frame.canvas.shape(&outline, band.colour);
        frame.canvas.stroke(&Path::through(edge(&head)), 1.2 * frame.unit, false, frame.palette.ground);
        frame.canvas.end_group();
        foot = head;
    }
    let labels: Vec<String> = area.units.iter().map(|label| legible(label)).collect();
    axes.draw_units(frame, &labels, x);
    frame.y = below.y + below.height;
}
