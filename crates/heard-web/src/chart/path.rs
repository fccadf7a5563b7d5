use std::fmt::{self, Write as _};

use super::canvas::Number;

/// A point on the picture, in CSS pixels from its upper left corner.
pub(crate) type Point = (f64, f64);

/// An outline or a line, as SVG writes one. Only numbers get into it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Path {
    data: String,
}

impl Path {
    /// The straight way through all points.
    pub(crate) fn through(points: impl IntoIterator<Item = Point>) -> Self {
        Self::broken(points.into_iter().map(Some))
    }

    /// The straight way through all points, broken where one is missing.
    pub(crate) fn broken(points: impl IntoIterator<Item = Option<Point>>) -> Self {
        let mut path = Self::default();
        let mut drawing = false;
        for point in points {
            if let Some(point) = point {
                path.step(if drawing { 'L' } else { 'M' }, &[point]);
            }
            drawing = point.is_some();
        }
        path
    }

    /// A ring's part between two angles, in turns clockwise from above, less than half a turn apart.
    pub(crate) fn sector(centre: Point, (inner, outer): (f64, f64), (from, to): (f64, f64)) -> Self {
        let mut path = Self::through([around(centre, inner, from), around(centre, outer, from)]);
        path.arc(outer, true, around(centre, outer, to));
        path.step('L', &[around(centre, inner, to)]);
        path.arc(inner, false, around(centre, inner, from));
        path.close();
        path
    }

    /// Goes on to `end`, leaving and arriving level.
    pub(crate) fn glide(&mut self, start: Point, end: Point) {
        let middle = f64::midpoint(start.0, end.0);
        self.step('C', &[(middle, start.1), (middle, end.1), end]);
    }

    /// Begins a part of its own.
    pub(crate) fn jump(&mut self, to: Point) {
        self.step('M', &[to]);
    }

    /// Back to where the part began.
    pub(crate) fn close(&mut self) {
        self.data.push('Z');
    }

    fn arc(&mut self, radius: f64, clockwise: bool, end: Point) {
        let radius = Number(radius);
        self.write(format_args!("A{radius} {radius} 0 0 {} {} {}", u8::from(clockwise), Number(end.0), Number(end.1)));
    }

    fn step(&mut self, command: char, points: &[Point]) {
        self.data.push(command);
        for (index, (x, y)) in points.iter().enumerate() {
            let gap = if index == 0 { "" } else { " " };
            self.write(format_args!("{gap}{} {}", Number(*x), Number(*y)));
        }
    }

    fn write(&mut self, piece: fmt::Arguments<'_>) {
        self.data.write_fmt(piece).expect("a String takes every text");
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.data)
    }
}

/// The point `radius` away from `centre` at an angle in turns, clockwise from above.
pub(crate) fn around(centre: Point, radius: f64, turns: f64) -> Point {
    let (sin, cos) = (turns * std::f64::consts::TAU).sin_cos();
    (centre.0 + radius * sin, centre.1 - radius * cos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_goes_out_around_and_back() {
        let path = Path::sector((10.0, 10.0), (2.0, 4.0), (0.0, 0.25));
        assert_eq!(path.to_string(), "M10 8L10 6A4 4 0 0 1 14 10L12 10A2 2 0 0 0 10 8Z");
    }

    #[test]
    fn a_line_goes_through_its_points() {
        let broken = Path::broken([Some((0.0, 1.0)), None, Some((2.0, 3.0)), Some((4.0, 5.0))]);
        assert_eq!(broken.to_string(), "M0 1M2 3L4 5");
        let mut path = Path::through([(0.0, 0.0), (1.5, 2.0)]);
        path.glide((1.5, 2.0), (3.5, 4.0));
        assert_eq!(path.to_string(), "M0 0L1.5 2C2.5 2 2.5 4 3.5 4");
    }
}
