//! `heard alias`: a name is shown in another spelling.

use heard_history::rules::{Name, Rule};

use super::deciding::deciding;
use crate::args::{Alias, AliasKind};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::Printer;

pub(crate) fn run(args: Alias, config: &Config, printer: Printer) -> Result<(), Failure> {
    let (from, to) = names(args.kind);
    deciding(config, printer, |deciding| {
        deciding.must_bear(&from)?;
        deciding.make(vec![Rule::ShowAs { from: vec![from], to }], args.trying)
    })
}

fn names(kind: AliasKind) -> (Name, Name) {
    match kind {
        AliasKind::Artist { from, to } => (Name::Artist { artist: from }, Name::Artist { artist: to }),
        AliasKind::Album(typed) => {
            let album = |title| Name::Album { artist: typed.artist.clone(), title };
            (album(typed.from), album(typed.to))
        }
        AliasKind::Track(typed) => {
            let track = |title| Name::Track { artist: typed.artist.clone(), title };
            (track(typed.from), track(typed.to))
        }
    }
}
