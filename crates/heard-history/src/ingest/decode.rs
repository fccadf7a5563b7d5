//! From frames to batches: reading envelopes and giving names their numbers.

use std::path::PathBuf;

use crate::archive::{Draft, Envelope, Frame, Head, Position};
use crate::facts::{Closing, Listing, Meaning, Rows};
use crate::normalise::normalise;
use crate::store::apply::{Batch, Effect, Item, Piece, Reading, Told};
use crate::store::catalogue::{Called, Catalogue, Entry};
use crate::store::register::Shown;
use crate::store::{Store, StoreError};

/// Reads envelopes one after the other.
#[derive(Debug)]
pub(crate) struct Decoder {
    names: Catalogue,
    /// The store that knows the names.
    path: PathBuf,
    /// Envelopes of which nothing could be made.
    pub(super) unread: Vec<(u64, String)>,
}

/// What envelopes will ask of the store once they are kept.
#[derive(Debug)]
pub(crate) struct Foreseen {
    names: Vec<Entry>,
    items: Vec<Item>,
}

impl Foreseen {
    /// They are kept now, up to this place.
    pub(crate) fn kept(self, end: Position) -> Batch {
        Batch { end, names: self.names, items: self.items }
    }
}

impl Decoder {
    /// An empty store has no names to look up, and may be locked for the one connection that fills it.
    pub(crate) fn new(store: &Store) -> Result<Self, StoreError> {
        let is_empty = store.position()?.seq == 0;
        let names = if is_empty { Catalogue::empty() } else { Catalogue::open(store.path())? };
        Ok(Self { names, path: store.path().to_owned(), unread: Vec::new() })
    }

    /// Turns a frame into what it asks of the store. An envelope that means nothing is noted and stepped over.
    ///
    /// # Errors
    /// When the names that the store holds cannot be looked up.
    pub(super) fn decode(&mut self, frame: &Frame) -> Result<Batch, StoreError> {
        let lines: Vec<&[u8]> = frame.lines().collect();
        let mut items = Vec::with_capacity(lines.len());
        for (index, line) in lines.iter().enumerate() {
            match Envelope::parse(line) {
                Ok(envelope) => {
                    if let Some(meaning) = self.meaning(&envelope) {
                        items.extend(self.item(&envelope.head, meaning, &lines[..index])?);
                    }
                }
                Err(error) => self.unread.push((frame.end.seq, error.to_string())),
            }
        }
        Ok(Batch { end: frame.end, names: self.names.take_fresh(), items })
    }

    /// What drafts will ask of the store once they are kept, the first of them at place `first`: the same as they ask
    /// when they are read back. Those of which reading shows that they are JSON need not be looked at again.
    ///
    /// # Errors
    /// When the names that the store holds cannot be looked up.
    pub(crate) fn foresee(&mut self, drafts: &mut [Draft], first: u64) -> Result<Foreseen, StoreError> {
        let mut items = Vec::with_capacity(drafts.len());
        for (seq, draft) in (first..).zip(drafts) {
            let envelope = draft.envelope(seq);
            let Some(meaning) = self.meaning(&envelope) else { continue };
            let is_json = matches!(&meaning, Meaning::Rows { rows, .. } if rows.is_json);
            items.extend(self.item(&envelope.head, meaning, &[])?);
            draft.is_json |= is_json;
        }
        Ok(Foreseen { names: self.names.take_fresh(), items })
    }

    fn meaning<'e>(&mut self, envelope: &'e Envelope<'_>) -> Option<Meaning<'e>> {
        normalise(envelope).map_err(|error| self.unread.push((envelope.head.seq, error.to_string()))).ok()
    }

    fn item(&mut self, head: &Head<'_>, meaning: Meaning<'_>, before: &[&[u8]]) -> Result<Option<Item>, StoreError> {
        let path = self.path.clone();
        self.effect(head, meaning, before).map_err(StoreError::sqlite(&path))
    }

    fn effect(&mut self, head: &Head<'_>, meaning: Meaning<'_>, before: &[&[u8]]) -> rusqlite::Result<Option<Item>> {
        if let Meaning::Answer(answer) = meaning {
            // What a service knows of things belongs to no listener.
            return Ok(Some(Item::of(head, 0, Effect::Answer(answer))));
        }
        if let Meaning::Cover(cover) = meaning {
            return Ok(Some(Item::of(head, 0, Effect::Cover(cover))));
        }
        let listener = self.names.listener(&head.listener)?;
        let read_at = head.served_at.unwrap_or(head.received_at);
        let effect = match meaning {
            Meaning::Part(_) | Meaning::Answer(_) | Meaning::Cover(_) | Meaning::Asked => return Ok(None),
            Meaning::Closes { span, listing, total } => {
                let shown = self.shown(listener, &listing, 0)?;
                Effect::Reading(Reading { span, read_at, shown, rejects: listing.rejects, total, is_whole: true })
            }
            Meaning::Shows { span, listing } => {
                let (shown, total) = (self.shown(listener, &listing, 0)?, listing.rows() as u64);
                Effect::Reading(Reading { span, read_at, shown, rejects: listing.rejects, total, is_whole: false })
            }
            Meaning::Closing(closing) => match self.closed(listener, closing, before, read_at)? {
                Some(reading) => Effect::Reading(reading),
                None => {
                    self.unread.push((head.seq, "the pages that it closes are not before it".to_owned()));
                    return Ok(None);
                }
            },
            Meaning::Count { span, total } => Effect::Count { span, total },
            Meaning::RunBegan(run) => Effect::RunBegan { began_at: run.began_at },
            Meaning::RunEnded => Effect::RunEnded,
            Meaning::Decision(decision) => Effect::Decision(decision),
            Meaning::ImportBegan(began) => {
                Effect::ImportBegan { file: began.file, format: began.format, layout: began.layout.to_string() }
            }
            Meaning::Rows { rows, first_line } => Effect::Piece(self.piece(listener, rows, first_line)?),
            Meaning::Watched(rows) => {
                let left_out = rows.left_out.iter().map(|left| (head.seq, format!("no play: {:?}", left.why)));
                self.unread.extend(left_out);
                Effect::Watched(self.piece(listener, rows, 1)?.told)
            }
            Meaning::ImportEnded(ended) => Effect::ImportEnded { bytes: ended.bytes, sha256: ended.sha256 },
        };
        Ok(Some(Item::of(head, listener, effect)))
    }

    fn piece(&mut self, listener: u32, rows: Rows<'_>, first_line: u64) -> rusqlite::Result<Piece> {
        let told = rows
            .plays
            .iter()
            .map(|play| Ok(Told::new(play, self.names.called(listener, play)?)))
            .collect::<rusqlite::Result<_>>()?;
        Ok(Piece { told, left_out: rows.left_out, count: rows.count, first_line })
    }

    /// The rows of the pages before a closing mark. Rows are counted over all its pages.
    fn closed(
        &mut self,
        listener: u32,
        closing: Closing,
        before: &[&[u8]],
        read_at: i64,
    ) -> rusqlite::Result<Option<Reading>> {
        let Some(first) = before.len().checked_sub(closing.pages) else { return Ok(None) };
        let (shown, rejects) = (Vec::new(), Vec::new());
        let mut reading = Reading { span: closing.span, read_at, shown, rejects, total: 0, is_whole: true };
        let mut offset = 0;
        for line in &before[first..] {
            let Ok(envelope) = Envelope::parse(line) else { return Ok(None) };
            let Ok(Meaning::Part(mut listing)) = normalise(&envelope) else { return Ok(None) };
            let rows = u32::try_from(listing.rows()).unwrap_or(u32::MAX);
            listing.keep(&closing.span);
            reading.shown.append(&mut self.shown(listener, &listing, offset)?);
            listing.rejects.iter_mut().for_each(|reject| reject.row += offset);
            reading.rejects.append(&mut listing.rejects);
            offset += rows;
        }
        reading.total = (reading.shown.len() + reading.rejects.len()) as u64;
        Ok(Some(reading))
    }

    fn shown(&mut self, listener: u32, listing: &Listing<'_>, offset: u32) -> rusqlite::Result<Vec<Shown>> {
        listing
            .plays
            .iter()
            .map(|play| {
                let Called { names, .. } = self.names.called(listener, play)?;
                Ok(Shown { played_at: play.played_at, names, row: play.row + offset })
            })
            .collect()
    }
}
