//! `heard plot`: the same answers as pictures.

mod answers;
mod over_time;
mod picture;

use heard_web::chart::{ChartError, Size};

use super::picture_file::{PICTURES, Target, failure, theme};
use super::{asking, question};
use crate::args::{Plot, PlotKind};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::Printer;
use answers::Asking;
use picture::Picture;

pub(crate) fn run(args: &Plot, config: &Config, printer: Printer) -> Result<(), Failure> {
    if args.main && args.kind != PlotKind::Genres {
        return Err(Failure::new(Code::Usage, "--main is about genres").hint("heard plot genres --main"));
    }
    let target = args.output.as_deref().map(|path| Target::of(path, &PICTURES)).transpose()?;
    let open = if args.kind == PlotKind::Genres { question::open_with_genres } else { question::open_for };
    let asked = open(&args.names, config, printer)?;
    let filter = question::filter(config, &args.period(), &args.names, &args.counting, None);
    let by = question::by(args.by);
    let week_start = config.week_start.offset();
    let (columns, zone, limit) = (&asked.columns, &config.zone, args.limit);
    let asking = Asking { columns, zone, now: asked.now, filter, by, main: args.main, limit, week_start };
    let picture = asking.picture(args.kind)?;
    asking::say_who_may_be_meant(&asked, &asking.filter, printer)?;
    match target {
        None => printer.data(&picture.terminal(printer.columns, printer.colour)),
        Some(target) => {
            let bytes = draw(&picture, &target, args).map_err(|error| failure(&error))?;
            target.write(&bytes, printer)
        }
    }
}

fn draw(picture: &Picture, target: &Target<'_>, args: &Plot) -> Result<Vec<u8>, ChartError> {
    // A story is 1080 pixels wide everywhere.
    let usual = if args.kind == PlotKind::Wrapped { 1080 } else { 1000 };
    let svg = picture.svg(&Size::new(args.width.unwrap_or(usual), args.height)?, theme(args.theme));
    target.bytes(svg, args.dpi, &args.font)
}
