//! Going over files: what each of them is, whether it is known, and its pieces as envelopes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::io::{self, Cursor, Read};
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::PoisonError;
use std::sync::atomic::Ordering;
use std::sync::mpsc::SyncSender;

use sha2::{Digest, Sha256};

use super::cut::{self, CutError, Piece};
use super::digests::Digests;
use super::inputs::{self, Found, Input, Kind, decoded};
use super::keep::Order;
use super::recognise::{Unrecognised, recognise};
use super::source::{self, as_csv, head_of, whole};
use super::{FileReport, Ignored, Meter, Options, Outcome, Report};
use crate::archive::{Draft, Purpose, mark_body};
use crate::facts::{Decision, ImportBegan, ImportEnded};
use crate::listen::{Account, Service};
use crate::normalise::layout::{Hints, Layout};
use crate::normalise::piece;
use crate::store::{Import, Sheet};

/// The thread that keeps pieces is gone; it says why.
struct NobodyKeeps;

/// Why a file was not taken in.
enum Untaken {
    NobodyKeeps,
    Stopped,
    Why(String),
}

impl From<NobodyKeeps> for Untaken {
    fn from(_: NobodyKeeps) -> Self {
        Self::NobodyKeeps
    }
}

/// Goes over files and orders what is to be kept.
pub(super) struct Taking<'a> {
    orders: SyncSender<Order>,
    next: u64,
    known: HashMap<String, Import>,
    sizes: Vec<u64>,
    options: &'a Options,
    meter: &'a Meter,
    report: Report,
}

impl<'a> Taking<'a> {
    /// `next` is the place of the next envelope.
    pub(super) fn new(
        orders: SyncSender<Order>,
        next: u64,
        known: Vec<Import>,
        options: &'a Options,
        meter: &'a Meter,
    ) -> Self {
        let sizes = known.iter().map(|import| import.bytes).collect();
        let known = known.into_iter().map(|import| (import.sha256.clone(), import)).collect();
        Self { orders, next, known, sizes, options, meter, report: Report::default() }
    }

    pub(super) fn take_all(mut self, paths: &[PathBuf]) -> Report {
        let total = Cell::new(0_u64);
        // What is refused on this way is refused again, and told, on the next.
        let _ = inputs::walk(paths, &self.options.limits, &mut |found| {
            if let Found::Input(input) = found {
                total.set(total.get().saturating_add(input.size().unwrap_or_default()));
            }
            ControlFlow::Continue(())
        });
        self.meter.total.store(total.get(), Ordering::Relaxed);
        let ended = inputs::walk(paths, &self.options.limits, &mut |found| match found {
            Found::Input(mut input) => self.take(&mut input),
            Found::Refused(refused) => {
                let why = refused.why.to_string();
                self.report.ignored.push(Ignored { path: refused.name, why, is_named: refused.is_named });
                ControlFlow::Continue(())
            }
        });
        tracing::debug!(early = ended.is_break(), "went over all files");
        self.report
    }

    fn take(&mut self, input: &mut Input<'_>) -> ControlFlow<()> {
        *self.meter.file.lock().unwrap_or_else(PoisonError::into_inner) = input.name().to_owned();
        let (path, is_named) = (input.name().to_owned(), input.is_named());
        match self.take_in(input) {
            Ok(()) => {
                self.meter.files.fetch_add(1, Ordering::Relaxed);
                ControlFlow::Continue(())
            }
            Err(Untaken::Why(why)) => {
                self.report.ignored.push(Ignored { path, why, is_named });
                ControlFlow::Continue(())
            }
            Err(Untaken::NobodyKeeps | Untaken::Stopped) => ControlFlow::Break(()),
        }
    }

    fn take_in(&mut self, input: &mut Input<'_>) -> Result<(), Untaken> {
        if self.may_be_known(input) {
            let (sha256, bytes) = digest(input).map_err(|error| unreadable(&error))?;
            if let Some(known) = self.known.get(&sha256).cloned() {
                let otherwise = self.is_read_otherwise(input, &known)?;
                if otherwise && !known.undone {
                    let id = known.id;
                    let why = format!("is import {id}, read in another way; to read it anew: heard imports undo {id}");
                    return Err(Untaken::Why(why));
                }
                if !otherwise {
                    self.meter.bytes.fetch_add(bytes, Ordering::Relaxed);
                    return self.take_known(input, &known);
                }
            }
        }
        let name = input.name().to_owned();
        match input.kind() {
            Kind::Plain => {
                let mut source = input.open().map_err(|error| unreadable(&error))?;
                self.take_text(&name, &mut source)
            }
            Kind::Workbook | Kind::Parquet => self.take_tabular(&name, input),
        }
    }

    /// A first import has nothing to compare with; later ones are compared before anything is kept.
    fn may_be_known(&self, input: &Input<'_>) -> bool {
        let size = input.size();
        size.is_none_or(|size| self.sizes.contains(&size)) && !self.known.is_empty()
    }

    /// Whether the listener says of a known file what was not said when it was taken in.
    fn is_read_otherwise(&self, input: &mut Input<'_>, known: &Import) -> Result<bool, Untaken> {
        if self.options.hints == Hints::default() || input.kind() != Kind::Plain {
            return Ok(false);
        }
        let name = input.name().to_owned();
        let mut source = input.open().map_err(|error| unreadable(&error))?;
        let mut text = decoded(&mut source).map_err(|error| unreadable(&error))?;
        let head = head_of(&mut text).map_err(|error| unreadable(&error))?;
        let layout = recognise(&name, &head, &self.options.hints).map_err(|error| unrecognised(&error))?;
        Ok(serde_json::from_str::<Layout>(&known.layout).ok() != Some(layout))
    }

    fn take_known(&mut self, input: &Input<'_>, known: &Import) -> Result<(), Untaken> {
        let layout: Layout = serde_json::from_str(&known.layout)
            .map_err(|error| Untaken::Why(format!("was taken in before in a way that is not known: {error}")))?;
        let mut outcome = Outcome::Known;
        if known.undone {
            outcome = Outcome::Restored;
            let decision = Decision::RedoImport { import: known.id };
            let account = Account::new(&self.options.listener, Service::Heard, "");
            let draft = self.draft(account, Purpose::Decision, self.next, Vec::new(), mark_body(&decision), true);
            self.order(draft, true)?;
            if let Some(known) = self.known.get_mut(&known.sha256) {
                known.undone = false;
            }
        }
        self.report.files.push(FileReport {
            path: input.name().to_owned(),
            format: layout.format,
            outcome,
            import: known.id,
            is_cut_off: false,
            zone: layout.zone,
            sheet: Sheet::default(),
        });
        Ok(())
    }

    /// A workbook or Parquet goes the way of tables.
    fn take_tabular(&mut self, name: &str, input: &mut Input<'_>) -> Result<(), Untaken> {
        let kind = input.kind();
        let file = whole(input).map_err(Untaken::Why)?;
        let bytes = file.len() as u64;
        let sha256 = base16ct::lower::encode_string(&Sha256::digest(&file));
        let csv = as_csv(kind, file).map_err(Untaken::Why)?;
        self.take_stream(name, &mut Cursor::new(csv), Some((sha256, bytes)))
    }

    fn take_text(&mut self, name: &str, source: &mut dyn Read) -> Result<(), Untaken> {
        self.take_stream(name, source, None)
    }

    /// `identity`: the digest and length of the file, where they are not those of the stream.
    fn take_stream(
        &mut self,
        name: &str,
        source: &mut dyn Read,
        identity: Option<(String, u64)>,
    ) -> Result<(), Untaken> {
        let digests = RefCell::default();
        let mut watched = Watched { source, meter: self.meter, digests: &digests, bytes: 0 };
        let mut text = decoded(&mut watched).map_err(|error| unreadable(&error))?;
        let head = head_of(&mut text).map_err(|error| unreadable(&error))?;
        let layout = recognise(name, &head, &self.options.hints).map_err(|error| unrecognised(&error))?;
        let began = self.begin(name, &layout)?;
        let json = layout_json(&layout);
        let mut pieces = Pieces { taking: self, began, layout: &layout, json, count: 0, digests: &digests };
        let cut = cut::cut(&mut Cursor::new(head).chain(&mut text), &layout, &mut |piece| pieces.order(piece));
        let cut = match cut {
            Ok(cut) => cut,
            Err(CutError::Read(error)) => return Err(unreadable(&error)),
            Err(CutError::Taker(untaken)) => return Err(untaken),
        };
        let count = pieces.finish()?;
        drop(text);
        let bytes = watched.bytes;
        let (sha256, bytes) = identity.unwrap_or_else(|| (digests.into_inner().of_file(), bytes));
        let ended = ImportEnded { bytes, sha256, pieces: count };
        let draft = self.draft(self.account(&layout), Purpose::ImportEnded, began, Vec::new(), mark_body(&ended), true);
        self.order(draft, true)?;
        self.report.files.push(FileReport {
            path: name.to_owned(),
            format: layout.format,
            outcome: Outcome::Imported,
            import: began,
            is_cut_off: cut.is_cut_off,
            zone: layout.zone,
            sheet: Sheet::default(),
        });
        Ok(())
    }

    fn begin(&mut self, file: &str, layout: &Layout) -> Result<u64, NobodyKeeps> {
        let began = ImportBegan {
            file: file.to_owned(),
            format: layout.format.name().to_owned(),
            layout: serde_json::to_value(layout).expect("a layout holds only text and whole numbers"),
        };
        let import = self.next;
        let draft = self.draft(self.account(layout), Purpose::ImportBegan, import, Vec::new(), mark_body(&began), true);
        self.order(draft, false)?;
        Ok(import)
    }

    fn account(&self, layout: &Layout) -> Account {
        Account::new(&self.options.listener, layout.service, layout.account.as_deref().unwrap_or_default())
    }

    fn draft(
        &self,
        account: Account,
        purpose: Purpose,
        run: u64,
        params: Vec<(String, String)>,
        body: bytes::Bytes,
        is_json: bool,
    ) -> Draft {
        Draft {
            received_at: self.options.now,
            account,
            method: "heard.import".into(),
            params,
            purpose,
            run,
            wanted: None,
            status: 0,
            served_at: None,
            body,
            is_json,
            sha256: None,
        }
    }

    fn order(&mut self, draft: Draft, durable: bool) -> Result<(), NobodyKeeps> {
        self.next += 1;
        self.orders.send(Order { draft, durable }).map_err(|_| NobodyKeeps)
    }
}

/// The pieces of one file on their way.
struct Pieces<'t, 'a> {
    taking: &'t mut Taking<'a>,
    began: u64,
    layout: &'t Layout,
    json: String,
    count: u64,
    digests: &'t RefCell<Digests>,
}

impl Pieces<'_, '_> {
    fn order(&mut self, piece: Piece) -> Result<(), Untaken> {
        if self.taking.meter.is_stopped() {
            return Err(Untaken::Stopped);
        }
        let mut params = vec![
            (piece::LAYOUT.to_owned(), self.json.clone()),
            (piece::FIRST_LINE.to_owned(), piece.first_line.to_string()),
        ];
        if let Some(damage) = piece.damage {
            params.push((piece::DAMAGE.to_owned(), damage.name().to_owned()));
        }
        let account = self.taking.account(self.layout);
        let draft = self.taking.draft(account, Purpose::Rows, self.began, params, piece.body.into(), false);
        self.count += 1;
        for digested in self.digests.borrow_mut().wait(draft) {
            self.taking.order(digested, false)?;
        }
        Ok(())
    }

    /// Orders what still waits. Returns how many pieces there were.
    fn finish(self) -> Result<u64, NobodyKeeps> {
        for digested in self.digests.borrow_mut().rest() {
            self.taking.order(digested, false)?;
        }
        Ok(self.count)
    }
}

fn layout_json(layout: &Layout) -> String {
    serde_json::to_string(layout).expect("a layout holds only text and whole numbers")
}

fn unreadable(error: &io::Error) -> Untaken {
    Untaken::Why(source::unreadable(error))
}

fn unrecognised(error: &Unrecognised) -> Untaken {
    Untaken::Why(error.to_string())
}

fn digest(input: &mut Input<'_>) -> io::Result<(String, u64)> {
    let mut source = input.open()?;
    let (mut hash, mut bytes) = (Sha256::new(), 0_u64);
    let mut block = vec![0; 1 << 18];
    loop {
        match source.read(&mut block) {
            Ok(0) => break,
            Ok(read) => {
                hash.update(&block[..read]);
                bytes += read as u64;
            }
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok((base16ct::lower::encode_string(&hash.finalize()), bytes))
}

/// The file's own bytes on their way: counted, and digested.
struct Watched<'s, 'm> {
    source: &'s mut dyn Read,
    meter: &'m Meter,
    digests: &'s RefCell<Digests>,
    bytes: u64,
}

impl Read for Watched<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read(into)?;
        self.digests.borrow_mut().add(&into[..read]);
        self.bytes += read as u64;
        self.meter.bytes.fetch_add(read as u64, Ordering::Relaxed);
        Ok(read)
    }
}
