//! The commands, one file each, named as typed.

mod accounts;
mod album;
mod alias;
mod api;
mod archive;
mod artist;
mod asking;
mod calendar;
mod callback;
mod calling;
mod charts;
mod clock;
mod compare;
mod completions;
mod deciding;
mod demo;
mod discoveries;
mod doctor;
mod dry_run;
mod enrich;
mod enrich_report;
mod export;
mod genres;
mod hide;
mod import;
mod imports;
mod leavings;
mod listens;
mod login;
mod logout;
mod love;
mod man;
mod merge;
mod milestones;
mod now_playing;
mod numbers;
mod outbox;
mod page;
mod picture_file;
mod plot;
mod quality;
mod question;
mod ranked;
mod rebuild;
mod recommend;
mod rejects;
mod rules;
mod scrobble;
mod scrobble_file;
mod sending;
mod sent_rows;
mod sentences;
mod sessions;
mod split;
mod streaks;
mod suggest;
mod sync;
mod sync_report;
mod taste;
mod telling;
mod top;
mod track;
mod trends;
mod verify;
mod watch;
mod wrapped;

use crate::args::{Command, Question};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, warn};

/// Does what was typed.
pub(crate) fn run(command: Command, config: &Config, printer: Printer) -> Result<(), Failure> {
    if uses_the_home(&command) {
        leavings::take_in(config, printer);
    }
    if let Some(trouble) = &config.keyring_trouble
        && !tells_of_the_keyring(&command)
    {
        warn(&trouble.to_string());
    }
    match command {
        Command::Demo(args) => demo::run(&args, config, printer),
        Command::Sync(args) => sync::run(&args, config, printer),
        Command::Enrich(args) => enrich::run(&args, config, printer),
        Command::Import(args) => import::run(&args, config, printer),
        Command::Imports(args) => imports::run(&args, config, printer),
        Command::Rejects(args) => rejects::run(&args, config, printer),
        Command::Question(question) => answer(question, config, printer),
        Command::Plot(args) => plot::run(&args, config, printer),
        Command::Export(args) => export::run(&args, config, printer),
        Command::Alias(args) => alias::run(args, config, printer),
        Command::Merge(args) => merge::run(args, config, printer),
        Command::Split(args) => split::run(args, config, printer),
        Command::Hide(args) => hide::run(args, config, printer),
        Command::Rules(args) => rules::run(&args, config, printer),
        Command::Love(args) => love::run(&args.heart, true, config, printer),
        Command::Unlove(args) => love::run(&args.heart, false, config, printer),
        Command::NowPlaying(args) => now_playing::run(&args, config, printer),
        Command::Accounts(args) => accounts::run(&args, config, printer),
        Command::Login(args) => login::run(&args, config, printer),
        Command::Logout(args) => logout::run(&args, config, printer),
        Command::Api(args) => api::run(&args, config, printer),
        Command::Scrobble(args) => scrobble::run(&args, config, printer),
        Command::Watch(args) => watch::run(&args, config, printer),
        Command::Outbox(args) => outbox::run(&args, config, printer),
        Command::Archive(args) => archive::run(&args, config, printer),
        Command::Verify(args) => verify::run(&args, config, printer),
        Command::Rebuild => rebuild::run(config, printer),
        Command::Doctor => doctor::run(config, printer),
        Command::Completions { shell } => completions::run(shell),
        Command::Man { folder } => man::run(&folder, printer),
    }
}

/// Whether it may need a secret.
pub(crate) fn reaches_services(command: &Command) -> bool {
    use Command::{
        Accounts, Api, Doctor, Enrich, Login, Logout, Love, NowPlaying, Outbox, Scrobble, Sync, Unlove, Watch,
    };
    matches!(
        command,
        Sync(_)
            | Enrich(_)
            | Love(_)
            | Unlove(_)
            | NowPlaying(_)
            | Accounts(_)
            | Login(_)
            | Logout(_)
            | Api(_)
            | Scrobble(_)
            | Watch(_)
            | Outbox(_)
            | Doctor
    )
}

/// Whether it says itself what is wrong with a keyring; others say so and do what can be done without.
fn tells_of_the_keyring(command: &Command) -> bool {
    matches!(command, Command::Login(_) | Command::Logout(_) | Command::Doctor)
}

/// Whether it is about the listener's own history.
fn uses_the_home(command: &Command) -> bool {
    !matches!(command, Command::Demo(_) | Command::Completions { .. } | Command::Man { .. })
}

fn answer(question: Question, config: &Config, printer: Printer) -> Result<(), Failure> {
    match question {
        Question::Top(args) => top::run(&args, config, printer),
        Question::Listens(args) => listens::run(&args, config, printer),
        Question::Artist(args) => artist::run(&args, config, printer),
        Question::Album(args) => album::run(&args, config, printer),
        Question::Track(args) => track::run(&args, config, printer),
        Question::Clock(args) => clock::run(&args, config, printer),
        Question::Calendar(args) => calendar::run(&args, config, printer),
        Question::Streaks(args) => streaks::run(&args, config, printer),
        Question::Sessions(args) => sessions::run(&args, config, printer),
        Question::Milestones(args) => milestones::run(&args, config, printer),
        Question::Charts(args) => charts::run(&args, config, printer),
        Question::Trends(args) => trends::run(&args, config, printer),
        Question::Discoveries(args) => discoveries::run(&args, config, printer),
        Question::Genres(args) => genres::run(args, config, printer),
        Question::Taste(args) => taste::run(&args, config, printer),
        Question::Numbers(args) => numbers::run(&args, config, printer),
        Question::Quality(args) => quality::run(&args, config, printer),
        Question::Wrapped(args) => wrapped::run(&args, config, printer),
        Question::Compare(args) => compare::run(&args, config, printer),
        Question::Recommend(args) => recommend::run(args, config, printer),
    }
}
