//! From frames to batches: reading envelopes and giving names their numbers.

use crate::archive::{Envelope, Frame};
use crate::facts::{Closing, Listing, Meaning, Rows};
use crate::normalise::normalise;
use crate::store::apply::{Batch, Effect, Item, Piece, Reading, Told};
use crate::store::catalogue::{Called, Catalogue};
use crate::store::register::Shown;

/// Reads frames one after the other.
pub(super) struct Decoder {
    names: Catalogue,
    /// Envelopes of which nothing could be made.
    pub(super) unread: Vec<(u64, String)>,
}

impl Decoder {
    pub(super) fn new(names: Catalogue) -> Self {
        Self { names, unread: Vec::new() }
    }

    /// Turns a frame into what it asks of the store. An envelope that means nothing is noted and stepped over.
    ///
    /// # Errors
    /// When the names that the store holds cannot be looked up.
    pub(super) fn decode(&mut self, frame: &Frame) -> rusqlite::Result<Batch> {
        let lines: Vec<&[u8]> = frame.lines().collect();
        let mut items = Vec::with_capacity(lines.len());
        for (index, line) in lines.iter().enumerate() {
            match Envelope::parse(line) {
                Ok(envelope) => items.extend(self.item(&envelope, &lines[..index])?),
                Err(error) => self.unread.push((frame.end.seq, error.to_string())),
            }
        }
        Ok(Batch { end: frame.end, names: self.names.take_fresh(), items })
    }

    fn item(&mut self, envelope: &Envelope<'_>, before: &[&[u8]]) -> rusqlite::Result<Option<Item>> {
        let head = &envelope.head;
        let meaning = match normalise(envelope) {
            Ok(meaning) => meaning,
            Err(error) => {
                self.unread.push((head.seq, error.to_string()));
                return Ok(None);
            }
        };
        let listener = self.names.listener(&head.listener)?;
        let read_at = head.served_at.unwrap_or(head.received_at);
        let effect = match meaning {
            Meaning::Part(_) => return Ok(None),
            Meaning::Closes { span, listing, total } => {
                let shown = self.shown(listener, &listing, 0)?;
                Effect::Reading(Reading { span, read_at, shown, rejects: listing.rejects, total })
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
            Meaning::ImportEnded(ended) => Effect::ImportEnded { bytes: ended.bytes, sha256: ended.sha256 },
        };
        let received_at = head.received_at;
        Ok(Some(Item { listener, account: head.owner(), seq: head.seq, run: head.run, received_at, effect }))
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
        let mut reading = Reading { span: closing.span, read_at, shown: Vec::new(), rejects: Vec::new(), total: 0 };
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
