//! Pictures and pages as files: the ending says which, and a file is written as a whole or not at all.

use std::io::Write;
use std::path::{Path, PathBuf};

use heard_history::home::replace_file;
use heard_web::chart::{ChartError, Fonts, Svg, Theme, png};

use crate::args::ThemeArg;
use crate::exit::{Code, Failure, quoted};
use crate::print::Printer;

/// What a file is, by the ending of its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Html,
    Svg,
    Png,
}

/// The endings of pictures.
pub(super) const PICTURES: [Ending; 2] = [Ending::Svg, Ending::Png];

impl Ending {
    fn word(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Svg => "svg",
            Self::Png => "png",
        }
    }
}

/// A file to be written.
pub(super) struct Target<'a> {
    path: &'a Path,
    pub(super) ending: Ending,
}

impl<'a> Target<'a> {
    /// The file, where its ending is one of these.
    pub(super) fn of(path: &'a Path, endings: &[Ending]) -> Result<Self, Failure> {
        let word = path.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        let known = endings.iter().find(|ending| word.as_deref() == Some(ending.word()));
        let Some(ending) = known else {
            let words: Vec<String> = endings.iter().map(|ending| format!("in .{}", ending.word())).collect();
            let first = endings.first().map_or("svg", |ending| ending.word());
            return Err(Failure::new(Code::Usage, format!("{} ends neither {}", path.display(), words.join(" nor ")))
                .hint(format!("-o {}", quoted(&path.with_extension(first)))));
        };
        Ok(Self { path, ending: *ending })
    }

    /// A picture as it is written into the file.
    pub(super) fn bytes(&self, svg: Svg, dpi: u32, fonts: &[PathBuf]) -> Result<Vec<u8>, ChartError> {
        if self.ending != Ending::Png {
            return Ok(svg.into_string().into_bytes());
        }
        let fonts = Fonts::embedded().with_files(fonts)?.with_system(true);
        #[expect(clippy::cast_precision_loss, reason = "at most 960")]
        let scale = dpi as f32 / 96.0;
        png(&svg, scale, &fonts)
    }

    /// Writes the file as a whole or not at all, and says so.
    pub(super) fn write(&self, bytes: &[u8], printer: Printer) -> Result<(), Failure> {
        replace_file(self.path, |file| file.write_all(bytes)).map_err(|error| Failure::output(self.path, &error))?;
        printer.say(&format!("{} written", self.path.display()));
        Ok(())
    }
}

pub(super) fn theme(arg: ThemeArg) -> Theme {
    match arg {
        ThemeArg::Light => Theme::Light,
        ThemeArg::Dark => Theme::Dark,
    }
}

pub(super) fn failure(error: &ChartError) -> Failure {
    let failure = |code| Failure::new(code, error.to_string());
    match error {
        ChartError::FontFile { .. } | ChartError::NotAFont(_) => {
            failure(Code::BadInput).hint("leave --font out to draw with the built-in letters and those of the system")
        }
        ChartError::Width(_) | ChartError::Height(_) | ChartError::Scale(_) | ChartError::TooLarge { .. } => {
            failure(Code::Usage).hint("leave --height out to have as much as the content needs; fewer places: -n 20")
        }
        _ => failure(Code::Failure).hint("the same picture as SVG: -o picture.svg"),
    }
}
