//! Keeping pieces: one thread reads what they tell, a second one appends them, and only what was appended is passed on.
//!
//! Reading comes first because it shows on its way that a piece is JSON, which the archive must know. Nothing is lost by
//! it: a piece that is read and not kept leaves nothing behind.

use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;

use crate::archive::{Archive, ArchiveError, Draft, Position};
use crate::home::{Home, HomeLock};
use crate::ingest::{Batches, Decoder, Foreseen};
use crate::store::StoreError;

/// Groups that may wait for being appended.
const WAITING: usize = 2;

/// Bytes of pieces that share one frame.
const SHARED: usize = 4 << 20;

/// Where pieces are kept: in the archive, or nowhere, where the listener only wants to see what would be.
#[derive(Debug)]
pub(super) enum Keeper {
    Archive(Archive),
    Nowhere { last: u64 },
}

/// Something to keep.
#[derive(Debug)]
pub(super) struct Order {
    pub(super) draft: Draft,
    /// Whether it must be on the disk before anything is derived from it for good, and everything before it.
    pub(super) durable: bool,
}

impl Keeper {
    pub(super) fn open(home: &Home, lock: &HomeLock, at_least: u64, dry_run: bool) -> Result<Self, ArchiveError> {
        if dry_run {
            return Ok(Self::Nowhere { last: at_least });
        }
        let (archive, cut) = Archive::open(home, lock, at_least)?;
        if let Some(cut) = cut {
            tracing::warn!(bytes = cut.bytes, kept = %cut.kept.display(), "the archive's unfinished end was moved aside");
        }
        Ok(Self::Archive(archive))
    }

    pub(super) fn last(&self) -> u64 {
        match self {
            Self::Archive(archive) => archive.last(),
            Self::Nowhere { last } => *last,
        }
    }

    fn append(&mut self, drafts: &[Draft]) -> Result<Position, ArchiveError> {
        match self {
            Self::Archive(archive) => archive.add(drafts),
            Self::Nowhere { last } => {
                *last += drafts.len() as u64;
                Ok(Position { seq: *last, ..Position::default() })
            }
        }
    }

    fn sync(&mut self) -> Result<(), ArchiveError> {
        match self {
            Self::Archive(archive) => archive.sync(),
            Self::Nowhere { .. } => Ok(()),
        }
    }
}

/// Drafts that share a frame, and what they will ask of the store.
struct Group {
    drafts: Vec<Draft>,
    foreseen: Foreseen,
    durable: bool,
}

/// Keeps what is ordered until nobody orders any more, and hands on what it asks of the store.
///
/// # Errors
/// [`ArchiveError`]; whoever orders finds that nobody listens any more.
pub(super) fn keep(
    keeper: Keeper,
    orders: Receiver<Order>,
    decoder: &mut Decoder,
    batches: &Batches,
) -> Result<(), ArchiveError> {
    let (groups, to_append) = mpsc::sync_channel(WAITING);
    let next = keeper.last() + 1;
    thread::scope(|scope| {
        let appending = scope.spawn(move || append(keeper, &to_append, batches));
        // Without anyone who appends there is nothing more to read, and why is said below.
        let _ = read(orders, decoder, next, &groups);
        drop(groups);
        appending.join().expect("appending turns every fault into a value")
    })
}

/// Reads what is ordered, the first at place `next`.
fn read(
    orders: Receiver<Order>,
    decoder: &mut Decoder,
    mut next: u64,
    groups: &SyncSender<Result<Group, StoreError>>,
) -> Result<(), mpsc::SendError<Result<Group, StoreError>>> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut bytes = 0;
    let mut group = |mut drafts: Vec<Draft>, durable| {
        let foreseen = decoder.foresee(&mut drafts, next);
        next += drafts.len() as u64;
        groups.send(foreseen.map(|foreseen| Group { drafts, foreseen, durable }))
    };
    for order in orders {
        bytes += order.draft.body.len();
        drafts.push(order.draft);
        if order.durable || bytes >= SHARED {
            group(std::mem::take(&mut drafts), order.durable)?;
            bytes = 0;
        }
    }
    if drafts.is_empty() { Ok(()) } else { group(drafts, true) }
}

/// Appends groups, and hands on what they ask. What nobody takes is read out of the archive next time.
fn append(
    mut keeper: Keeper,
    groups: &Receiver<Result<Group, StoreError>>,
    batches: &Batches,
) -> Result<(), ArchiveError> {
    for group in groups {
        let batch = match group {
            Ok(Group { drafts, foreseen, durable }) => {
                let end = keeper.append(&drafts)?;
                if durable {
                    keeper.sync()?;
                }
                Ok(foreseen.kept(end))
            }
            Err(error) => Err(error),
        };
        let failed = batch.is_err();
        if batches.send(batch).is_err() || failed {
            break;
        }
    }
    keeper.sync()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "it is a test")]

    use super::*;
    use crate::archive::{self, Envelope, Purpose, mark_body};
    use crate::facts::{ImportBegan, ImportEnded};
    use crate::import::recognise::recognise;
    use crate::listen::{Account, Service};
    use crate::normalise::layout::Hints;
    use crate::normalise::piece;
    use crate::store::Store;
    use crate::zone::Zone;

    const PIECE: &str = r#"[{"ts":"2020-01-01T00:00:10Z","ms_played":1000,"master_metadata_track_name":"Lamp",
 "master_metadata_album_artist_name":"Nora Vale","spotify_track_uri":"spotify:track:0"}]"#;

    fn draft(purpose: Purpose, run: u64, body: bytes::Bytes, params: &[(&str, String)]) -> Draft {
        Draft {
            received_at: 1_600_000_000,
            account: Account::new("me", Service::Spotify, ""),
            method: "heard.import".into(),
            params: params.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect(),
            purpose,
            run,
            wanted: None,
            status: 0,
            served_at: None,
            body,
            is_json: false,
            sha256: None,
        }
    }

    /// A file of two pieces that begins at a place; the end is there if it is asked for.
    fn file(began: u64, ends: bool) -> Vec<Order> {
        let layout = recognise("endsong_0.json", PIECE.as_bytes(), &Hints::default()).unwrap();
        let told = serde_json::to_value(&layout).unwrap();
        let params = [(piece::LAYOUT, told.to_string()), (piece::FIRST_LINE, "1".to_owned())];
        let begin = ImportBegan { file: "a.json".into(), format: layout.format.name().into(), layout: told };
        let end = ImportEnded { bytes: 0, sha256: String::new(), pieces: 2 };
        let mut drafts = vec![draft(Purpose::ImportBegan, began, mark_body(&begin), &[])];
        drafts.extend((0..2).map(|_| draft(Purpose::Rows, began, PIECE.as_bytes().into(), &params)));
        let mut orders: Vec<Order> = drafts.into_iter().map(|draft| Order { draft, durable: false }).collect();
        if ends {
            orders.push(Order { draft: draft(Purpose::ImportEnded, began, mark_body(&end), &[]), durable: true });
        }
        orders
    }

    /// Keeps files one after the other, and shows `see` the end of each batch while nothing goes on.
    fn kept(folder: &std::path::Path, dry_run: bool, orders: Vec<Order>, mut see: impl FnMut(&Home, Position)) -> Home {
        let home = Home::open(folder.join("home")).unwrap();
        let lock = home.lock().unwrap();
        let keeper = Keeper::open(&home, &lock, 0, dry_run).unwrap();
        let store = Store::fresh(&folder.join("beside.db"), &Zone::utc()).unwrap();
        let mut decoder = Decoder::new(&store).unwrap();
        let (send, to_keep) = mpsc::sync_channel(orders.len());
        orders.into_iter().for_each(|order| send.send(order).unwrap());
        drop(send);
        let (batches, come) = mpsc::sync_channel(0);
        thread::scope(|scope| {
            let keeping = scope.spawn(move || keep(keeper, to_keep, &mut decoder, &batches));
            come.iter().for_each(|batch| see(&home, batch.unwrap().end));
            keeping.join().unwrap().unwrap();
        });
        home
    }

    /// What the archive holds: purposes in order, and whether each body stands there as JSON.
    fn held(home: &Home) -> Vec<(u64, Purpose, bool)> {
        let mut held = Vec::new();
        let take = |frame: archive::Frame| {
            held.extend(frame.lines().map(|line| {
                let head = Envelope::parse(line).unwrap().head;
                let is_text = memchr::memmem::find(line, b",\"text\":").is_some();
                (head.seq, head.purpose, !is_text)
            }));
            true
        };
        archive::read_after(&home.archive(), Position::default(), take, |error| panic!("{error}")).unwrap();
        held
    }

    #[test]
    fn what_is_handed_on_is_in_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        let mut ends = Vec::new();
        let orders = file(1, true).into_iter().chain(file(5, true)).collect();
        let home = kept(folder.path(), false, orders, |home, end| {
            let last = held(home).last().map(|(seq, ..)| *seq);
            assert!(last >= Some(end.seq), "{last:?} is the last of the archive, and {} is handed on", end.seq);
            ends.push(end.seq);
        });
        assert_eq!(ends, [4, 8]);
        let one = [Purpose::ImportBegan, Purpose::Rows, Purpose::Rows, Purpose::ImportEnded];
        let expected: Vec<_> = (1..).zip([one, one].concat()).map(|(seq, purpose)| (seq, purpose, true)).collect();
        assert_eq!(held(&home), expected);
    }

    #[test]
    fn what_has_no_end_is_kept_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let orders = file(1, true).into_iter().chain(file(5, false)).collect();
        let mut ends = Vec::new();
        let home = kept(folder.path(), false, orders, |_, end| ends.push(end.seq));
        assert_eq!((ends, held(&home).len()), (vec![4, 7], 7));
    }

    #[test]
    fn of_what_is_only_shown_nothing_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let mut ends = Vec::new();
        let home = kept(folder.path(), true, file(1, true), |_, end| ends.push(end));
        assert_eq!(ends, [Position { seq: 4, ..Position::default() }]);
        assert!(!home.archive().exists());
    }
}
