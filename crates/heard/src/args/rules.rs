//! What can be typed behind the commands that correct names and plays by hand. None of them changes what was reported:
//! they make rules, which are kept in the archive, hold for what comes in later, too, and can be removed.

use clap::{Args, Subcommand};

use super::files::name;

/// Whether a rule is only tried.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct Trying {
    /// Only show which rankings would change; make no rule
    #[arg(long, global = true)]
    pub(crate) dry_run: bool,
}

/// Show a name in another spelling, now and in future
///
/// The plays keep the name that was reported; rankings and lists show the other one. heard rules lists the rules, and
/// heard rules remove takes one back.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard alias artist Bjork Björk
  heard alias album Björk \"Post (Deluxe)\" Post
  heard alias track Björk \"Jóga - Remastered\" Jóga --dry-run")]
pub(crate) struct Alias {
    #[command(subcommand)]
    pub(crate) kind: AliasKind,
    #[command(flatten)]
    pub(crate) trying: Trying,
}

/// Whose name is shown in another spelling.
#[derive(Debug, Subcommand)]
pub(crate) enum AliasKind {
    /// An artist's name
    #[command(after_help = "Example:
  heard alias artist Bjork Björk")]
    Artist {
        /// The name as it is reported
        #[arg(value_parser = name())]
        from: String,
        /// The name as it is to be shown
        #[arg(value_parser = name())]
        to: String,
    },
    /// An album's title
    #[command(after_help = "Example:
  heard alias album Björk \"Post (Deluxe)\" Post")]
    Album(TitleAlias),
    /// A track's title
    #[command(after_help = "Example:
  heard alias track Björk \"Jóga - Remastered\" Jóga")]
    Track(TitleAlias),
}

/// A title that is shown as another one.
#[derive(Args, Debug)]
pub(crate) struct TitleAlias {
    /// Whose album or track it is
    #[arg(value_parser = name())]
    pub(crate) artist: String,
    /// The title as it is reported
    #[arg(value_parser = name())]
    pub(crate) from: String,
    /// The title as it is to be shown
    #[arg(value_parser = name())]
    pub(crate) to: String,
}

/// Make several names one artist, or two reports one play
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard merge artist Prince \"The Artist\" \"The Artist Formerly Known as Prince\" --into Prince
  heard merge play 8812 8840 --dry-run")]
pub(crate) struct Merge {
    #[command(subcommand)]
    pub(crate) kind: MergeKind,
    #[command(flatten)]
    pub(crate) trying: Trying,
}

/// What is made one.
#[derive(Debug, Subcommand)]
pub(crate) enum MergeKind {
    /// Count several names as one artist
    #[command(after_help = "Example:
  heard merge artist Bjork \"Björk Guðmundsdóttir\" --into Björk")]
    Artist {
        /// The names as they are reported
        #[arg(value_name = "NAME", required = true, value_parser = name())]
        names: Vec<String>,
        /// The name under which all of them count
        #[arg(long, value_name = "NAME", value_parser = name())]
        into: String,
    },
    /// Say that two reports tell of one play, though their moments lie apart
    #[command(after_help = "Example:
  heard merge play 8812 8840")]
    Play {
        /// One play's id, as heard listens --json gives it
        #[arg(value_name = "ID")]
        one: u64,
        /// The other's
        #[arg(value_name = "ID")]
        other: u64,
    },
}

/// Credit every artist of a name that stands for several, or keep reports of one play apart
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard split artist \"Simon & Garfunkel\" --into \"Paul Simon\" --into \"Art Garfunkel\"
  heard split artists --at \" feat. \" --at \" & \" --except \"Simon & Garfunkel\"
  heard split play 8812 --dry-run")]
pub(crate) struct Split {
    #[command(subcommand)]
    pub(crate) kind: SplitKind,
    #[command(flatten)]
    pub(crate) trying: Trying,
}

/// What is taken apart.
#[derive(Debug, Subcommand)]
pub(crate) enum SplitKind {
    /// One name; its plays count for each artist in it
    #[command(after_help = "Examples:
  heard split artist \"David Bowie, Queen\"
  heard split artist \"Björk feat. Thom Yorke\" --into Björk --into \"Thom Yorke\"")]
    Artist {
        /// The name as it is reported
        #[arg(value_parser = name())]
        name: String,
        /// An artist in it, once for each [default: the parts between ", ", " & ", " feat. " and " ft. "]
        #[arg(long, value_name = "NAME", value_parser = name())]
        into: Vec<String>,
    },
    /// Every name that holds a separator
    #[command(after_help = "Example:
  heard split artists --at \" feat. \" --at \"; \" --except \"Tyler, The Creator\"")]
    Artists {
        /// What stands between the artists of a name, with its spaces; may be given several times
        #[arg(long, value_name = "SEPARATOR", required = true, value_parser = name())]
        at: Vec<String>,
        /// A name that stays whole; may be given several times
        #[arg(long, value_name = "NAME", value_parser = name())]
        except: Vec<String>,
    },
    /// One play whose reports were taken for the same one; each is then a play of its own
    #[command(after_help = "Example:
  heard split play 8812")]
    Play {
        /// The play's id, as heard listens --json gives it
        id: u64,
    },
}

/// Leave an artist, an album, a track or a play out of every answer
///
/// It stays in the archive and comes back when the rule is removed.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  heard hide artist \"White Noise for Babies\"
  heard hide album \"Sleep Sounds\" \"Rain on a Tent\"
  heard hide play 8812 --dry-run")]
pub(crate) struct Hide {
    #[command(subcommand)]
    pub(crate) kind: HideKind,
    #[command(flatten)]
    pub(crate) trying: Trying,
}

/// What is left out.
#[derive(Debug, Subcommand)]
pub(crate) enum HideKind {
    /// All plays of an artist
    #[command(after_help = "Example:
  heard hide artist \"White Noise for Babies\"")]
    Artist {
        /// The name as it is reported, or as a rule shows it
        #[arg(value_parser = name())]
        name: String,
    },
    /// All plays of an album
    #[command(after_help = "Example:
  heard hide album \"Sleep Sounds\" \"Rain on a Tent\"")]
    Album(Titled),
    /// All plays of a track
    #[command(after_help = "Example:
  heard hide track \"Sleep Sounds\" \"Distant Thunder\"")]
    Track(Titled),
    /// One play
    #[command(after_help = "Example:
  heard hide play 8812")]
    Play {
        /// The play's id, as heard listens --json gives it
        id: u64,
    },
}

/// An album or a track.
#[derive(Args, Debug)]
pub(crate) struct Titled {
    /// Whose it is
    #[arg(value_parser = name())]
    pub(crate) artist: String,
    /// Its title
    #[arg(value_parser = name())]
    pub(crate) title: String,
}

/// The rules made by hand: list them, remove one, or be shown what might need one
#[derive(Args, Debug)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  heard rules list
  heard rules remove 7
  heard rules suggest --json")]
pub(crate) struct Rules {
    #[command(subcommand)]
    pub(crate) action: Option<RulesAction>,
}

/// What is to be done with rules.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesAction {
    /// List the rules, oldest first, each with its number and whether it holds; the same as heard rules
    #[command(after_help = "Example:
  heard rules list --json")]
    List,
    /// Take a rule back; everything is then as if it had never been made
    #[command(after_help = "Example:
  heard rules remove 7 --dry-run")]
    Remove {
        /// The rule's number, as heard rules list gives it
        id: u64,
        #[command(flatten)]
        trying: Trying,
    },
    /// Show names that look like one artist, album or track, and the rule that would make them one; make none
    #[command(after_help = "Example:
  heard rules suggest -n 5")]
    Suggest {
        /// How many groups of names to show
        #[arg(short = 'n', long = "limit", default_value_t = 20)]
        limit: usize,
    },
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, Parser, error::ErrorKind};

    use super::*;

    #[derive(Debug, Parser)]
    enum Typed {
        Alias(Alias),
        Merge(Merge),
        Split(Split),
        Hide(Hide),
        Rules(Rules),
    }

    fn typed(words: &[&str]) -> Result<Typed, ErrorKind> {
        Typed::try_parse_from(std::iter::once(&"heard").chain(words)).map_err(|error| error.kind())
    }

    fn shown(words: &[&str]) -> String {
        typed(words).map_or_else(|kind| format!("{kind:?}"), |typed| format!("{typed:?}"))
    }

    #[test]
    fn rules_are_read_as_typed() {
        Typed::command().debug_assert();
        for (words, says) in [
            (&["alias", "artist", "a", "b"][..], r#"Artist { from: "a", to: "b" }, trying: Trying { dry_run: false }"#),
            (&["alias", "--dry-run", "album", "x", "a", "b"], r#"artist: "x", from: "a", to: "b""#),
            (&["alias", "track", "x", "a", "b", "--dry-run"], "dry_run: true"),
            (&["merge", "artist", "a", "b", "--into", "c"], r#"names: ["a", "b"], into: "c""#),
            (&["merge", "play", "1", "2"], "Play { one: 1, other: 2 }"),
            (&["split", "artist", "a & b"], r#"name: "a & b", into: []"#),
            (&["split", "artist", "ab", "--into", "a", "--into", "b"], r#"into: ["a", "b"]"#),
            (&["split", "artists", "--at", " x ", "--except", "y"], r#"at: [" x "], except: ["y"]"#),
            (&["split", "play", "9", "--dry-run"], "Play { id: 9 }, trying: Trying { dry_run: true }"),
            (&["hide", "album", "a", "t"], r#"Album(Titled { artist: "a", title: "t" })"#),
            (&["hide", "artist", "--", "-ii-"], r#"Artist { name: "-ii-" }"#),
            (&["rules"], "action: None"),
            (&["rules", "remove", "7", "--dry-run"], "Remove { id: 7, trying: Trying { dry_run: true } }"),
            (&["rules", "suggest", "-n", "5"], "Suggest { limit: 5 }"),
        ] {
            let read = shown(words);
            assert!(read.contains(says), "{words:?}: {read}");
        }
    }

    #[test]
    fn what_is_missing_is_asked_for() {
        for words in [
            &["alias", "artist", "a"][..],
            &["merge", "artist", "a"],
            &["merge", "artist", "--into", "a"],
            &["merge", "play", "1"],
            &["split", "artists"],
            &["hide", "track", "a"],
            &["rules", "remove"],
        ] {
            assert_eq!(typed(words).unwrap_err(), ErrorKind::MissingRequiredArgument, "{words:?}");
        }
        assert_eq!(typed(&["hide", "artist", ""]).unwrap_err(), ErrorKind::InvalidValue);
        assert_eq!(typed(&["split", "play", "x"]).unwrap_err(), ErrorKind::ValueValidation);
    }
}
