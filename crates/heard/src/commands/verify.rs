//! `heard verify`: is everything as it was written?

use heard_history::home::Home;
use heard_history::store::zone_of;
use heard_history::verify::{Verified, verify};
use serde::Serialize;

use crate::args::Verify;
use crate::config::Config;
use crate::exit::{Code, Failure};
use crate::print::{Printer, Style, by_number, several};

#[derive(Serialize)]
struct Document {
    findings: Vec<Finding>,
    segments: u64,
    envelopes: u64,
    bytes: u64,
    covers: u64,
    unnamed_covers: u64,
    digest: Option<String>,
}

#[derive(Serialize)]
struct Finding {
    file: String,
    what: String,
}

pub(crate) fn run(args: &Verify, config: &Config, printer: Printer) -> Result<(), Failure> {
    let home = Home::open(&config.home)?;
    let lock = home.lock()?;
    // Local times are compared in the zone they were kept in; where that cannot be read, that is a finding.
    let zone = zone_of(&home.database()).ok().flatten().unwrap_or_else(|| config.zone.clone());
    let verified = verify(&home, &lock, &zone, !args.quick).map_err(failure)?;
    match printer.style {
        Style::Json => printer.json(&document(&verified))?,
        Style::Table | Style::Csv => print_text(&verified, printer)?,
    }
    match verified.findings.len() {
        0 => Ok(()),
        many => {
            let (things, is) =
                (several(many as u64, "thing"), by_number(many as u64, "is not as it was", "are not as they were"));
            Err(Failure::new(Code::BadInput, format!("{things} {is} written")))
        }
    }
    .map_err(|failure| failure.hint("heard rebuild makes the views again; heard sync downloads what the archive lost"))
}

fn failure(error: heard_history::verify::VerifyError) -> Failure {
    use heard_history::verify::VerifyError;
    match error {
        VerifyError::Archive(error) => error.into(),
        VerifyError::Store(error) => error.into(),
        VerifyError::Ingest(error) => error.into(),
        VerifyError::Columns(error) => error.into(),
    }
}

fn document(verified: &Verified) -> Document {
    let finding =
        |f: &heard_history::verify::Finding| Finding { file: f.path.display().to_string(), what: f.what.clone() };
    Document {
        findings: verified.findings.iter().map(finding).collect(),
        segments: verified.segments,
        envelopes: verified.envelopes,
        bytes: verified.bytes,
        covers: verified.covers,
        unnamed_covers: verified.unnamed_covers,
        digest: verified.digest.clone(),
    }
}

fn print_text(verified: &Verified, printer: Printer) -> Result<(), Failure> {
    for finding in &verified.findings {
        printer.data(&format!("{}: {}\n", finding.path.display(), finding.what))?;
    }
    printer.say(&format!(
        "{} in {} ({}) read",
        several(verified.envelopes, "envelope"),
        several(verified.segments, "segment"),
        several(verified.bytes, "byte")
    ));
    if verified.covers > 0 {
        printer.say(&format!("{} read", several(verified.covers, "cover")));
    }
    if verified.unnamed_covers > 0 {
        let files = several(verified.unnamed_covers, "file");
        printer.say(&format!("{files} of covers that were being fetched when a run was cut off; they do no harm"));
    }
    if !verified.sealed {
        printer.say("the last run did not end cleanly, so the views have no checksums; the next sync takes them");
    }
    if let Some(digest) = &verified.digest
        && verified.findings.is_empty()
    {
        printer.say(&format!("the view says what the archive says (digest {digest})"));
    }
    Ok(())
}
