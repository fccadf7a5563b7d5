//! `heard hide`: an artist, an album, a track or a play is left out of every answer.

use heard_history::rules::{Name, Rule};

use super::deciding::deciding;
use crate::args::{Hide, HideKind, Titled};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: Hide, config: &Config, printer: Printer) -> Result<(), Failure> {
    deciding(config, printer, |deciding| {
        let name = match args.kind {
            HideKind::Artist { name } => Name::Artist { artist: name },
            HideKind::Album(Titled { artist, title }) => Name::Album { artist, title },
            HideKind::Track(Titled { artist, title }) => Name::Track { artist, title },
            HideKind::Play { id } => {
                let (play, _) = deciding.reports_of(id)?;
                return deciding.make(vec![Rule::HidePlay { play }], args.trying);
            }
        };
        deciding.must_bear(&name)?;
        deciding.make(vec![Rule::Hide { name }], args.trying)
    })
}
