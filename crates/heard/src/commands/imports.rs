//! `heard imports`: which files were taken in; undoing and redoing.

use heard_api::Clock;
use heard_history::decide::{decide, preview};
use heard_history::facts::Decision;
use heard_history::home::Home;
use heard_history::store::Import;
use heard_history::{columns, ingest, verify};
use serde::Serialize;

use super::import::{SheetRow, last_parts};
use super::question::nothing_yet;
use crate::args::{Imports, ImportsAction};
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, day, grouped, moment, several};

#[derive(Serialize)]
struct Row<'a> {
    import: u64,
    file: &'a str,
    format: &'a str,
    imported_at: i64,
    imported_time: String,
    bytes: u64,
    sha256: &'a str,
    undone: bool,
    #[serde(flatten)]
    sheet: SheetRow<'a>,
}

#[derive(Serialize)]
struct Document<'a> {
    imports: Vec<Row<'a>>,
}

pub(crate) fn run(args: &Imports, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::existing(&config.home).ok_or_else(|| nothing_yet(config))?;
    let lock = home.lock()?;
    verify::unseal(&home, &lock)?;
    let (mut store, _) = ingest::open(&home, &lock, &config.zone)?;
    let imports = store.imports(&config.listener, 0)?;
    let Some(action) = &args.action else {
        columns::refresh(&home, &lock, &store)?;
        verify::seal(&home, &lock, store)?;
        return list(&imports, printer);
    };
    let (one, undo) = match action {
        ImportsAction::Undo(one) => (one, true),
        ImportsAction::Redo(one) => (one, false),
    };
    let import = imports.iter().find(|import| import.id == one.import).ok_or_else(|| unknown(one.import))?;
    if import.undone == undo {
        let state = if undo { "is undone already" } else { "holds already" };
        printer.say(&format!("import {} {state}", import.id));
    } else if one.dry_run {
        let decision = decision(import.id, undo);
        let then = preview(&home, &config.zone, &config.listener, &[decision])?;
        printer.say(&changed(store.live_plays(&config.listener)?, then.live_plays(&config.listener)?, "would"));
        then.discard()?;
    } else {
        let before = store.live_plays(&config.listener)?;
        let now = Clock::system().now();
        decide(&home, &lock, &mut store, &config.listener, &[decision(import.id, undo)], now)?;
        printer.say(&changed(before, store.live_plays(&config.listener)?, "do"));
    }
    columns::refresh(&home, &lock, &store)?;
    verify::seal(&home, &lock, store)?;
    Ok(())
}

fn decision(import: u64, undo: bool) -> Decision {
    if undo { Decision::UndoImport { import } } else { Decision::RedoImport { import } }
}

fn unknown(id: u64) -> Failure {
    Failure::new(Code::Usage, format!("there is no import {id}")).hint("heard imports lists them")
}

fn changed(before: u64, after: u64, would: &str) -> String {
    let plays = several(before.abs_diff(after), "play");
    match (after < before, would) {
        (true, "would") => format!("{plays} would leave the history"),
        (true, _) => format!("{plays} left the history; heard imports redo brings them back"),
        (false, "would") => format!("{plays} would come into the history"),
        (false, _) => format!("{plays} came into the history"),
    }
}

fn list(imports: &[Import], printer: Printer) -> Result<(), Failure> {
    match printer.style {
        Style::Json => printer.json(&Document { imports: imports.iter().map(row).collect() }),
        Style::Csv => {
            let cells = |import: &Import| {
                let sheet = &import.sheet;
                let numbers = [sheet.rows, sheet.plays, sheet.duplicates].map(|number| number.to_string());
                let head =
                    [import.id.to_string(), import.file.clone(), import.format.clone(), moment(import.imported_at)];
                head.into_iter().chain(numbers).chain([import.undone.to_string()]).collect()
            };
            let header = ["import", "file", "format", "imported_time", "rows", "plays", "duplicates", "undone"];
            printer.csv(&header, &imports.iter().map(cells).collect::<Vec<_>>())
        }
        Style::Table => {
            let cells = |import: &Import| {
                let on = day(import.imported_at);
                let state = if import.undone { "undone" } else { "" };
                let sheet = &import.sheet;
                vec![
                    import.id.to_string(),
                    on,
                    last_parts(&import.file).to_owned(),
                    import.format.clone(),
                    grouped(sheet.rows),
                    grouped(sheet.plays),
                    state.to_owned(),
                ]
            };
            let rows: Vec<_> = imports.iter().map(cells).collect();
            printer.say(&several(imports.len() as u64, "import"));
            printer.table(&["id", "day", "file", "format", "rows", "plays", ""], &rows, &[0, 4, 5])
        }
    }
}

fn row(import: &Import) -> Row<'_> {
    Row {
        import: import.id,
        file: &import.file,
        format: &import.format,
        imported_at: import.imported_at,
        imported_time: moment(import.imported_at),
        bytes: import.bytes,
        sha256: &import.sha256,
        undone: import.undone,
        sheet: SheetRow::of(&import.sheet),
    }
}
