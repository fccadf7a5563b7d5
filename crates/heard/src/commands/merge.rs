//! `heard merge`: several names are one artist, or two reports tell of one play.

use heard_history::identity::key;
use heard_history::rules::{Name, Rule};

use super::deciding::{Deciding, deciding};
use crate::args::{Merge, MergeKind};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::Printer;

pub(crate) fn run(args: Merge, config: &Config, printer: Printer) -> Result<(), Failure> {
    deciding(config, printer, |deciding| {
        let rule = match args.kind {
            MergeKind::Artist { names, into } => artists(deciding, names, into)?,
            MergeKind::Play { one, other } => plays(deciding, one, other)?,
        };
        deciding.make(vec![rule], args.trying)
    })
}

/// The name that stands for all may be among them.
fn artists(deciding: &Deciding<'_>, names: Vec<String>, into: String) -> Result<Rule, Failure> {
    let mut from: Vec<Name> = names.into_iter().map(|artist| Name::Artist { artist }).collect();
    from.iter().try_for_each(|name| deciding.must_bear(name))?;
    if from.iter().any(|name| key(name.artist()) != key(&into)) {
        from.retain(|name| key(name.artist()) != key(&into));
    }
    Ok(Rule::ShowAs { from, to: Name::Artist { artist: into } })
}

fn plays(deciding: &Deciding<'_>, one: u64, other: u64) -> Result<Rule, Failure> {
    let (first, further) = deciding.reports_of(one)?;
    let (second, _) = deciding.reports_of(other)?;
    if first == second || further.contains(&second) {
        let says = format!("{one} and {other} are one play already");
        return Err(Failure::new(Code::BadInput, says).hint("heard listens --json gives every play's id"));
    }
    Ok(Rule::SamePlay { one: first, other: second })
}
