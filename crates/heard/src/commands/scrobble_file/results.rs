//! What became of each row, for people and for programs.

use std::collections::BTreeMap;
use std::path::Path;

use heard_history::outbox::{Corrected, Entry, Fate, Outbox};
use serde::Serialize;

use super::lines::{Line, reasons};
use super::standing::Standing;
use crate::commands::sending::Destination;
use crate::commands::sent_rows::in_words;
use crate::exit::{Code, Failure, quoted};
use crate::print::{Printer, Style, grouped, moment, several};

/// The columns of the results.
pub(super) const HEADER: [&str; 12] =
    ["file", "row", "line", "played_time", "artist", "track", "account", "result", "code", "words", "reason", "text"];

/// A preview shows so many rows to a person; programs are told of all.
const SHOWN: usize = 100;

/// Each row of a file beside each account.
pub(super) struct Results<'a> {
    lines: &'a [Line<'a>],
    destinations: &'a [Destination],
    standings: Vec<Vec<Standing>>,
}

#[derive(Serialize)]
struct Document<'a> {
    rows: Vec<Row<'a>>,
    total: BTreeMap<&'static str, u64>,
}

#[derive(Serialize)]
struct Row<'a> {
    file: &'a str,
    row: u64,
    line: Option<u64>,
    played_at: Option<i64>,
    played_time: Option<String>,
    artist: Option<&'a str>,
    track: Option<&'a str>,
    album: Option<&'a str>,
    service: &'static str,
    user: &'a str,
    result: &'static str,
    reason: Option<&'static str>,
    code: Option<i64>,
    words: Option<String>,
    /// The row as it stands in the file, where it tells of no play and so has no names.
    text: Option<&'a str>,
    there_at: Option<i64>,
    corrected_artist: Option<&'a str>,
    corrected_track: Option<&'a str>,
    corrected_album: Option<&'a str>,
    corrected_album_artist: Option<&'a str>,
}

impl<'a> Results<'a> {
    pub(super) fn new(lines: &'a [Line<'a>], destinations: &'a [Destination], standings: Vec<Vec<Standing>>) -> Self {
        Self { lines, destinations, standings }
    }

    /// Reads in the ledger what became of the rows that were put into the outbox.
    pub(super) fn look_up(&mut self, outbox: &mut Outbox) -> Result<(), Failure> {
        for (to, standings) in self.destinations.iter().zip(&mut self.standings) {
            let was_added = |standing: &Standing| standing.goes() || matches!(standing, Standing::Kept(_));
            let rows = self.lines.iter().zip(standings).filter(|(_, standing)| was_added(standing));
            let (listens, standings): (Vec<_>, Vec<_>) =
                rows.filter_map(|(line, standing)| Some((line.listen()?, standing))).unzip();
            for (standing, entry) in standings.into_iter().zip(outbox.find_all(&to.target, listens)?) {
                if let Some(entry) = entry {
                    *standing = Standing::Kept(Box::new(entry));
                }
            }
        }
        Ok(())
    }

    fn each(&self) -> impl Iterator<Item = Row<'_>> {
        let beside = |(to, standings): (&'a Destination, _)| (to, self.lines.iter().zip::<&Vec<Standing>>(standings));
        let of_all = self.destinations.iter().zip(&self.standings).map(beside);
        of_all.flat_map(|(to, rows)| rows.map(move |(line, standing)| row(line, to, standing)))
    }

    /// The rows as text, in the columns of [`HEADER`].
    pub(super) fn cells(&self) -> Vec<Vec<String>> {
        self.each().map(cells).collect()
    }

    /// Prints what it came to: for a person the sums, for a program each row.
    pub(super) fn print(&self, printer: Printer) -> Result<(), Failure> {
        match printer.style {
            Style::Json => printer.json(&Document { rows: self.each().collect(), total: self.total() }),
            Style::Csv => printer.csv(&HEADER, &self.cells()),
            Style::Table => {
                self.say_reasons(printer);
                let mut sums = BTreeMap::new();
                for row in self.each() {
                    *sums.entry((format!("{}/{}", row.service, row.user), row.result)).or_insert(0_u64) += 1;
                }
                let cells = |((account, result), count): ((String, &str), u64)| {
                    vec![account, result.replace('_', " "), grouped(count)]
                };
                printer.table(&["account", "result", "rows"], &sums.into_iter().map(cells).collect::<Vec<_>>(), &[2])
            }
        }
    }

    /// Fails where a service refuses rows for good. What tells of no play, and what the account has already, is no failure.
    pub(super) fn judge(&self, path: &Path) -> Result<(), Failure> {
        let total = self.total();
        let of = |result: &str| total.get(result).copied().unwrap_or_default();
        let (ignored, parked) = (of("ignored"), of("parked"));
        if ignored + parked == 0 {
            return Ok(());
        }
        let told = [(ignored, "ignored"), (parked, "parked")].into_iter().filter(|(count, _)| *count > 0);
        let told: Vec<String> = told.map(|(count, word)| format!("{} {word}", grouped(count))).collect();
        let rows = several(ignored + parked, "row");
        Err(Failure::new(Code::BadInput, format!("the service does not take {rows} of the file: {}", told.join(", ")))
            .hint(format!("heard scrobble --file {} --results results.csv tells of each, and why", quoted(path))))
    }

    /// Prints each row, the first ones for a person.
    pub(super) fn print_all(&self, printer: Printer) -> Result<(), Failure> {
        if printer.style != Style::Table {
            return self.print(printer);
        }
        let cells = |row: Row<'_>| {
            let account = format!("{}/{}", row.service, row.user);
            let result = row.result.replace('_', " ");
            let end = row.words.map_or_else(|| result.clone(), |words| format!("{result}: {words}"));
            let names = [row.artist, row.track].map(|name| name.unwrap_or_default().to_owned());
            let head = [row.row.to_string(), account, row.played_time.unwrap_or_default()];
            head.into_iter().chain(names).chain([end]).collect()
        };
        let rows: Vec<Vec<String>> = self.each().take(SHOWN).map(cells).collect();
        printer.table(&["row", "account", "played", "artist", "track", ""], &rows, &[0])?;
        let rest = self.lines.len() * self.destinations.len() - rows.len();
        if rest > 0 {
            printer.say(&format!("… and {} more; --csv and --json tell of all", grouped(rest as u64)));
        }
        self.say_reasons(printer);
        let sums = self.total();
        let told = sums.iter().map(|(result, count)| format!("{} {}", grouped(*count), result.replace('_', " ")));
        printer.say(&format!("together: {}", told.collect::<Vec<_>>().join(", ")));
        Ok(())
    }

    fn say_reasons(&self, printer: Printer) {
        let reasons = reasons(self.lines);
        if !reasons.is_empty() {
            printer.say(&format!("left out: {reasons}"));
        }
        for (to, standings) in self.destinations.iter().zip(&self.standings) {
            let old = standings.iter().filter(|standing| matches!(standing, Standing::TooOld(_))).count();
            if old > 0 {
                let account = &to.target.account;
                printer.say(&format!("left out for {account}: {} older than it takes", grouped(old as u64)));
            }
        }
    }

    fn total(&self) -> BTreeMap<&'static str, u64> {
        let mut total = BTreeMap::new();
        for row in self.each() {
            *total.entry(row.result).or_insert(0) += 1;
        }
        total
    }
}

fn row<'a>(line: &'a Line<'_>, to: &'a Destination, standing: &'a Standing) -> Row<'a> {
    let told = line.told();
    let track = told.map(|listen| &listen.track);
    let (result, reason, code, words) = outcome(line, standing);
    let names = match standing {
        Standing::Kept(entry) => Some(&entry.corrected),
        _ => None,
    };
    let corrected = |name: fn(&Corrected) -> &Option<String>| names.and_then(|names| name(names).as_deref());
    Row {
        file: line.path,
        row: line.row.number,
        line: line.row.line,
        played_at: told.map(|listen| listen.played_at),
        played_time: told.map(|listen| moment(listen.played_at)),
        artist: track.map(|track| track.artist.as_str()),
        track: track.map(|track| track.title.as_str()),
        album: track.and_then(|track| track.album.as_deref()),
        service: to.target.account.service.name(),
        user: &to.target.account.user,
        result,
        reason,
        code,
        words,
        text: line.text(),
        there_at: if let Standing::There(moment) = standing { Some(*moment) } else { None },
        corrected_artist: corrected(|names| &names.artist),
        corrected_track: corrected(|names| &names.track),
        corrected_album: corrected(|names| &names.album),
        corrected_album_artist: corrected(|names| &names.album_artist),
    }
}

/// What became of a row: the result, why it was left out, the service's code, and what else there is to say.
fn outcome(line: &Line<'_>, standing: &Standing) -> (&'static str, Option<&'static str>, Option<i64>, Option<String>) {
    match standing {
        Standing::LeftOut => {
            let (name, words) = line.left_out.clone().unzip();
            ("left_out", name, None, words)
        }
        Standing::TooOld(days) => {
            ("left_out", Some("too_old"), None, Some(format!("older than the {days} days that the service takes")))
        }
        Standing::There(at) => {
            ("already_there", None, None, Some(format!("the account has it, played {}", moment(*at))))
        }
        Standing::Unknown => {
            ("unknown", None, None, Some("nothing was collected of the account for that time".to_owned()))
        }
        Standing::Free => ("to_send", None, None, None),
        Standing::Kept(entry) => of_ledger(entry),
    }
}

fn of_ledger(entry: &Entry) -> (&'static str, Option<&'static str>, Option<i64>, Option<String>) {
    match &entry.fate {
        Fate::Accepted if entry.corrected != Corrected::default() => ("corrected", None, None, Some(in_words(entry))),
        Fate::Accepted => ("accepted", None, None, entry.is_read_back.then(|| in_words(entry))),
        Fate::Ignored { code, .. } => ("ignored", None, Some(*code), Some(in_words(entry))),
        Fate::Parked { code, .. } => ("parked", None, *code, Some(in_words(entry))),
        Fate::Waiting | Fate::InFlight => ("waiting", None, None, Some(in_words(entry))),
    }
}

fn cells(row: Row<'_>) -> Vec<String> {
    let number = |number: Option<u64>| number.map(|number| number.to_string()).unwrap_or_default();
    vec![
        row.file.to_owned(),
        row.row.to_string(),
        number(row.line),
        row.played_time.unwrap_or_default(),
        row.artist.unwrap_or_default().to_owned(),
        row.track.unwrap_or_default().to_owned(),
        format!("{}/{}", row.service, row.user),
        row.result.to_owned(),
        row.code.map(|code| code.to_string()).unwrap_or_default(),
        row.words.unwrap_or_default(),
        row.reason.unwrap_or_default().to_owned(),
        row.text.unwrap_or_default().to_owned(),
    ]
}
