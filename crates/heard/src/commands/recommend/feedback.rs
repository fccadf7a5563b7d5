//! What is said of a suggestion: a rule like any other, so that it is kept in the archive and can be taken back.

use heard_history::rules::{Name, Rule};
use heard_history::stats::Kind;
use heard_history::store::Knowledge;

use crate::args::{Recommend, Trying};
use crate::commands::deciding::deciding;
use crate::commands::ranked::kind;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::Printer;

/// Keeps that something is dismissed or liked. It must be known: from a play, or from what a service told.
pub(super) fn keep(args: Recommend, config: &Config, printer: Printer) -> Result<(), Failure> {
    let what = kind(args.what);
    let (flag, words) = match (args.dismiss, args.like) {
        (Some(words), _) => ("--dismiss", words),
        (None, words) => ("--like", words.unwrap_or_default()),
    };
    let name = named(what, flag, words)?;
    let rule =
        if flag == "--dismiss" { Rule::Dismiss { name: name.clone() } } else { Rule::Like { name: name.clone() } };
    deciding(config, printer, |deciding| {
        if !Knowledge::read(deciding.store.path(), &config.listener)?.knows(&name) {
            deciding.must_bear(&name)?;
        }
        deciding.make(vec![rule], Trying { dry_run: false })
    })
}

fn named(kind: Kind, flag: &str, words: Vec<String>) -> Result<Name, Failure> {
    let mut words = words.into_iter();
    match (kind, words.next(), words.next()) {
        (Kind::Artists, Some(artist), None) => Ok(Name::Artist { artist }),
        (Kind::Albums, Some(artist), Some(title)) => Ok(Name::Album { artist, title }),
        (Kind::Tracks, Some(artist), Some(title)) => Ok(Name::Track { artist, title }),
        (Kind::Artists, ..) => Err(Failure::new(Code::Usage, "an artist has a name and no title")
            .hint(format!("heard recommend artists {flag} 'Mira Vale'"))),
        (Kind::Albums | Kind::Tracks, ..) => {
            let (one, several) = (kind.of_one(), kind.name());
            Err(Failure::new(Code::Usage, format!("of the {one}, only one name is given"))
                .hint(format!("heard recommend {several} {flag} ARTIST TITLE")))
        }
    }
}
