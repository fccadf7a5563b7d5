use super::{
    Size, Svg, Theme,
    canvas::{Area, Canvas},
    face::Weight,
    legible,
    palette::{Colour, Palette},
    path::Point,
    text::{Anchor, Line, Type},
};

/// What all pictures have around their middle: margins, title, subtitle, footer.
/// A picture is filled from above; all lengths grow with its width.
pub(crate) struct Frame {
    pub(crate) canvas: Canvas,
    pub(crate) palette: Palette,
    /// What one CSS pixel of a picture 1000 pixels wide is here.
    pub(crate) unit: f64,
    /// CSS pixels from the left edge to what is inside the margins.
    pub(crate) left: f64,
    /// CSS pixels from the left edge to the right margin.
    pub(crate) right: f64,
    /// Where the next thing begins, in CSS pixels from above.
    pub(crate) y: f64,
    size: Size,
}

/// Stands in a picture of nothing.
pub(crate) const NOTHING: &str = "Nothing was counted here.";
/// Stands where a name has nothing to show.
pub(crate) const NAMELESS: &str = "(no name)";

/// Below this a picture 1000 pixels wide and of that height has no room to spare.
const LOWEST: f64 = 220.0;
/// The height of a sentence in the place of what could be drawn, in units.
const NOTE: f64 = 34.0;

impl Frame {
    pub(crate) fn new(size: &Size, theme: Theme) -> Self {
        let width = f64::from(size.width());
        let by_height = size.height().map_or(f64::INFINITY, |height| f64::from(height) / LOWEST);
        // Small pictures keep letters that can be read.
        let unit = (width / 1000.0).max(0.85).min(by_height);
        let margin = (40.0 * unit).min(width * 0.06);
        Self {
            canvas: Canvas::default(),
            palette: theme.palette(),
            unit,
            left: margin,
            right: width - margin,
            y: 0.0,
            size: *size,
        }
    }

    /// CSS pixels between the margins.
    pub(crate) fn inner(&self) -> f64 {
        self.right - self.left
    }

    /// A font size given in units.
    pub(crate) fn style(&self, size: f64, weight: Weight) -> Type {
        Type { size: size * self.unit, weight }
    }

    /// Title and subtitle, each left out when it is empty.
    pub(crate) fn head(&mut self, title: &str, subtitle: &str) {
        self.y = self.left.max(22.0 * self.unit);
        if !title.is_empty() {
            self.y += 24.0 * self.unit;
            let style = self.style(26.0, Weight::Semibold);
            self.line(title, style, self.palette.ink);
        }
        if !subtitle.is_empty() {
            self.y += 26.0 * self.unit;
            let style = self.style(14.5, Weight::Regular);
            self.line(subtitle, style, self.palette.quiet);
        }
        self.y += 24.0 * self.unit;
    }

    /// CSS pixels down to where the footer begins; `None` when the picture is as
    /// high as its content.
    pub(crate) fn room(&self, footer: &str) -> Option<f64> {
        let height = f64::from(self.size.height()?);
        Some(height - self.y - self.foot_height(footer))
    }

    /// What is between cursor and footer, `height` CSS pixels high where the picture is as high as its content.
    pub(crate) fn stage(&self, height: f64, footer: &str) -> Area {
        let height = self.room(footer).unwrap_or(height).max(0.0);
        Area { x: self.left, y: self.y, width: self.inner(), height }
    }

    /// A text of at most `room` CSS pixels.
    pub(crate) fn label(&mut self, (x, y): Point, anchor: Anchor, text: &str, style: Type, room: f64, fill: Colour) {
        self.canvas.text(x, y, anchor, &Line::fit(text, style, room), fill);
    }

    /// A sentence in the place of a picture that asks for more room than there is.
    pub(crate) fn too_small(&mut self) {
        self.note("There is no room for the picture.");
    }

    /// CSS pixels that a [`note`](Self::note) takes.
    pub(crate) fn note_height(&self) -> f64 {
        NOTE * self.unit
    }

    /// A sentence in the place of what could be drawn.
    pub(crate) fn note(&mut self, text: &str) {
        let top = self.y;
        self.y += 24.0 * self.unit;
        let style = self.style(14.0, Weight::Regular);
        self.line(text, style, self.palette.quiet);
        self.y = top + self.note_height();
    }

    /// The picture, with its last line, and with `title` and `description` for
    /// those who do not see it.
    pub(crate) fn finish(mut self, footer: &str, title: &str, description: &str) -> Svg {
        let end = self.y + self.foot_height(footer);
        let height = self.size.height().unwrap_or(end.ceil() as u32);
        if !footer.is_empty() {
            // At the lower edge, also where there is room above it.
            self.y = f64::from(height) - self.foot_height("") - 4.0 * self.unit;
            let style = self.style(12.5, Weight::Regular);
            self.line(footer, style, self.palette.quiet);
        }
        let size = (self.size.width(), height);
        self.canvas.finish(size, &self.palette, title, description)
    }

    fn foot_height(&self, footer: &str) -> f64 {
        let text = if footer.is_empty() { 0.0 } else { 30.0 * self.unit };
        text + self.left.max(18.0 * self.unit)
    }

    /// A line across the whole picture, its baseline at the cursor.
    fn line(&mut self, text: &str, style: Type, fill: Colour) {
        let line = Line::fit(text, style, self.inner());
        self.canvas.text(self.left, self.y, Anchor::Start, &line, fill);
        self.canvas.end_line();
    }
}

/// The texts around a picture, fit to be shown.
pub(crate) struct Heading {
    pub(crate) title: String,
    pub(crate) subtitle: String,
    pub(crate) footer: String,
}

/// A name fit to be shown, also where there is none.
pub(crate) fn named(name: &str) -> String {
    let name = legible(name);
    if name.is_empty() { NAMELESS.to_owned() } else { name }
}

impl Heading {
    pub(crate) fn new(title: &str, subtitle: &str, footer: &str) -> Self {
        Self { title: legible(title), subtitle: legible(subtitle), footer: legible(footer) }
    }

    /// What the picture says, for those who do not see it: what stands around it, then `told`.
    pub(crate) fn description(&self, told: impl IntoIterator<Item = String>) -> String {
        let around = [&self.subtitle, &self.footer].into_iter().filter(|text| !text.is_empty()).cloned();
        around.chain(told).collect::<Vec<_>>().join(". ")
    }

    /// The title in words, also where none is written.
    pub(crate) fn spoken<'a>(&'a self, otherwise: &'a str) -> &'a str {
        if self.title.is_empty() { otherwise } else { &self.title }
    }
}
