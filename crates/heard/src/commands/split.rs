//! `heard split`: a name stands for several artists, or reports tell of plays of their own.

use std::path::Path;

use heard_history::identity::split_at;
use heard_history::rules::{Name, Rule};

use super::deciding::{Deciding, deciding};
use crate::args::{Split, SplitKind};
use crate::config::Config;
use crate::exit::{Code, Failure, quoted};
use crate::print::{Printer, by_number, harmless, several};

/// What stands between the artists of a name that is split without saying where.
const SEPARATORS: [&str; 6] = [", ", " & ", " feat. ", " Feat. ", " ft. ", " Ft. "];

pub(crate) fn run(args: Split, config: &Config, printer: Printer) -> Result<(), Failure> {
    deciding(config, printer, |deciding| {
        let rules = match args.kind {
            SplitKind::Artist { name, into } => vec![artist(deciding, name, into)?],
            SplitKind::Artists { at, except } => vec![artists(deciding, at, except)?],
            SplitKind::Play { id } => play(deciding, id)?,
        };
        deciding.make(rules, args.trying)
    })
}

fn artist(deciding: &Deciding<'_>, artist: String, into: Vec<String>) -> Result<Rule, Failure> {
    deciding.must_bear(&Name::Artist { artist: artist.clone() })?;
    let into = if into.is_empty() { split_at(&artist, &SEPARATORS.map(str::to_owned)) } else { into };
    if matches!(&*into, [one] if *one == artist) {
        let hint = format!("heard split artist {} --into FIRST --into SECOND", quoted(Path::new(&harmless(&artist))));
        return Err(Failure::new(Code::BadInput, format!("nothing in \"{artist}\" separates artists")).hint(hint));
    }
    Ok(Rule::Split { artist, into })
}

/// Such a rule is for names to come, too; none of them needs to be there yet.
fn artists(deciding: &Deciding<'_>, separators: Vec<String>, except: Vec<String>) -> Result<Rule, Failure> {
    except.iter().try_for_each(|artist| deciding.must_bear(&Name::Artist { artist: artist.clone() }))?;
    let names = deciding.store.count_splittable(&deciding.config.listener, &separators)? as u64;
    deciding.printer.say(&format!("{} {} a separator", several(names, "name"), by_number(names, "holds", "hold")));
    Ok(Rule::SplitAt { separators, except })
}

/// The report that stands for the play keeps it; each of the others gets one.
fn play(deciding: &Deciding<'_>, id: u64) -> Result<Vec<Rule>, Failure> {
    let (_, further) = deciding.reports_of(id)?;
    if further.is_empty() {
        let says = format!("only one report tells of play {id}; there is nothing to split");
        return Err(Failure::new(Code::BadInput, says).hint("heard listens --json names the sources of every play"));
    }
    Ok(further.into_iter().map(|play| Rule::OwnPlay { play }).collect())
}
