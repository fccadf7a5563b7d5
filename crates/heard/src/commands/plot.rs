//! `heard plot`: the same answers as pictures.

mod answers;
mod over_time;
mod picture;

use std::io::Write;
use std::path::Path;

use heard_history::home::replace_file;
use heard_web::chart::{ChartError, Fonts, Size, Theme, png};

use super::{asking, question};
use crate::args::{Plot, PlotKind, ThemeArg};
use crate::config::Config;
use crate::exit::{Code, Failure, quoted};
use crate::print::Printer;
use answers::Asking;
use picture::Picture;

pub(crate) fn run(args: &Plot, config: &Config, printer: Printer) -> Result<(), Failure> {
    let target = args.output.as_deref().map(Target::of).transpose()?;
    let asked = question::open(config, printer)?;
    let filter = question::filter(config, &args.period(), &args.names, &args.counting, None);
    let by = question::by(args.by);
    let week_start = config.week_start.offset();
    let (columns, zone, limit) = (&asked.columns, &config.zone, args.limit);
    let asking = Asking { columns, zone, now: asked.now, filter, by, limit, week_start };
    let picture = asking.picture(args.kind)?;
    asking::say_who_may_be_meant(&asked, &asking.filter, printer)?;
    match target {
        None => printer.data(&picture.terminal(printer.columns, printer.colour)),
        Some(target) => {
            let bytes = draw(&picture, &target, args).map_err(|error| failure(&error))?;
            write(target.path(), &bytes)?;
            printer.say(&format!("{} written", target.path().display()));
            Ok(())
        }
    }
}

/// Writes a picture as a whole or not at all.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    replace_file(path, |file| file.write_all(bytes)).map_err(|error| Failure::output(path, &error))
}

enum Target<'a> {
    Svg(&'a Path),
    Png(&'a Path),
}

impl<'a> Target<'a> {
    fn of(path: &'a Path) -> Result<Self, Failure> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Self::Svg(path)),
            Some("png") => Ok(Self::Png(path)),
            _ => Err(Failure::new(Code::Usage, format!("{} ends neither in .svg nor in .png", path.display()))
                .hint(format!("-o {}", quoted(&path.with_extension("svg"))))),
        }
    }

    fn path(&self) -> &'a Path {
        match self {
            Self::Svg(path) | Self::Png(path) => path,
        }
    }
}

fn draw(picture: &Picture, target: &Target<'_>, args: &Plot) -> Result<Vec<u8>, ChartError> {
    let theme = match args.theme {
        ThemeArg::Light => Theme::Light,
        ThemeArg::Dark => Theme::Dark,
    };
    // A story is 1080 pixels wide everywhere.
    let usual = if args.kind == PlotKind::Wrapped { 1080 } else { 1000 };
    let svg = picture.svg(&Size::new(args.width.unwrap_or(usual), args.height)?, theme);
    match target {
        Target::Svg(_) => Ok(svg.as_str().as_bytes().to_vec()),
        Target::Png(_) => {
            let fonts = Fonts::embedded().with_files(&args.font)?.with_system(true);
            #[expect(clippy::cast_precision_loss, reason = "at most 960")]
            let scale = args.dpi as f32 / 96.0;
            png(&svg, scale, &fonts)
        }
    }
}

fn failure(error: &ChartError) -> Failure {
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
