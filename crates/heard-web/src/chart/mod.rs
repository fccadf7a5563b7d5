//! Answers as pictures: SVG documents with a text alternative, and PNG files
//! painted from them.
//!
//! ```
//! use heard_web::chart::{BarRow, Fonts, RankedBars, Size, Theme, png, ranked_bars};
//!
//! let bars = RankedBars {
//!     title: "Top artists".to_owned(),
//!     subtitle: "2024".to_owned(),
//!     rows: vec![BarRow {
//!         label: "宇多田ヒカル".to_owned(),
//!         detail: None,
//!         value: 1204,
//!         value_text: "1,204".to_owned(),
//!     }],
//!     footer: "9,120 plays".to_owned(),
//! };
//! let svg = ranked_bars(&bars, &Size::new(1000, None)?, Theme::Light);
//! assert!(svg.as_str().starts_with("<svg "));
//! let file = png(&svg, 2.0, &Fonts::embedded())?;
//! assert_eq!(&file[1..4], b"PNG");
//! # Ok::<(), heard_web::chart::ChartError>(())
//! ```
//!
//! Names come from services and files and are hostile until shown otherwise:
//! every text passes through [`legible`], is measured with the faces that will
//! draw it, and is shortened to the room it has.
//!
//! A further kind of picture is one more file beside `bars`: it lays out with
//! `text::Line` and draws on a `canvas::Canvas`.

mod area;
mod axis;
mod bars;
mod bump;
mod calendar;
mod canvas;
mod card;
mod clock;
mod day;
mod error;
mod face;
mod fonts;
mod frame;
mod grid;
mod last_resort;
mod legend;
mod legible;
mod measure;
mod milestones;
mod palette;
mod path;
mod png;
mod punchcard;
mod size;
mod strokes;
mod text;
mod timeline;

pub use area::{Series, Stack, StackedArea, stacked_area};
pub use bars::{BarRow, RankedBars, ranked_bars};
pub use bump::{Bump, BumpLine, bump};
pub use calendar::{Calendar, calendar};
pub use canvas::Svg;
pub use card::{CardList, ShareCard, share_card};
pub use clock::{Clock, circular_clock};
pub use error::ChartError;
pub use fonts::Fonts;
pub use grid::{Grid, grid};
pub use legible::legible;
pub use measure::Measure;
pub use milestones::{Milestone, Milestones, milestones};
pub use palette::Theme;
pub use png::{MAX_PIXELS, png};
pub use punchcard::{Punchcard, WEEKDAYS, punchcard};
pub use size::Size;
pub use timeline::{Timeline, TimelineShape, TimelineUnit, timeline};

pub(crate) use canvas::Escaped;
pub(crate) use frame::{NOTHING, named};

#[cfg(test)]
mod overlap;
