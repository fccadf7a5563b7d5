//! `heard archive`: single answers out of the archive.

use std::path::Path;

use heard_history::extract::{ExtractError, Extracted, extract};
use heard_history::home::Home;
use serde::Serialize;

use crate::args::{ArchiveAction, ArchiveArgs};
use crate::config::Config;
use crate::exit::Failure;
use crate::print::{Printer, Style, several, warn};

#[derive(Serialize)]
struct Document {
    files: u64,
    covers: u64,
    bytes: u64,
}

pub(crate) fn run(args: &ArchiveArgs, config: &Config, printer: Printer) -> Result<(), Failure> {
    let ArchiveAction::Extract { folder } = &args.action;
    let home = Home::open(&config.home)?;
    let extracted = extract(&home, folder).map_err(failure)?;
    for damage in &extracted.damage {
        warn(&format!("warning: {damage}"));
    }
    match printer.style {
        Style::Json => {
            let Extracted { files, covers, bytes, .. } = extracted;
            printer.json(&Document { files, covers, bytes })
        }
        Style::Table | Style::Csv => {
            printer.say(&written(&extracted, folder));
            Ok(())
        }
    }
}

fn written(extracted: &Extracted, folder: &Path) -> String {
    let Extracted { files, covers, .. } = *extracted;
    if files == 0 {
        return "nothing to extract: the archive holds no such answers; heard enrich fetches some".to_owned();
    }
    let below = folder.join("enrichment");
    let besides = if covers == 0 {
        String::new()
    } else {
        format!(", {} below {}", several(covers, "cover"), folder.join("covers").display())
    };
    format!("{} written below {}{besides}", several(files, "file"), below.display())
}

fn failure(error: ExtractError) -> Failure {
    match error {
        ExtractError::Archive(error) => error.into(),
        ExtractError::Io { path, source } => Failure::output(&path, &source),
    }
}
