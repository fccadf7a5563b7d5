//! Keeping answers: one thread appends what the walkers bring, makes it durable, and only then says so.
//!
//! Answers that arrive while the disk is busy share the next sync.

use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;

use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::archive::{Archive, ArchiveError, Draft, Frame};
use crate::ingest::{self, IngestError, Ingested};
use crate::store::Store;

/// Bytes of answers that may share one frame.
const SHARED: usize = 8 << 20;

/// Answers to be kept together, and who waits for that.
struct Order {
    drafts: Vec<Draft>,
    done: oneshot::Sender<Result<(), ArchiveError>>,
}

/// Hands answers to the thread that keeps them.
#[derive(Clone, Debug)]
pub(crate) struct Recorder {
    orders: Sender<Order>,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Order").field("drafts", &self.drafts.len()).finish_non_exhaustive()
    }
}

/// The other end of a [`Recorder`].
pub(super) struct Orders(Receiver<Order>);

impl Recorder {
    pub(super) fn new() -> (Self, Orders) {
        let (orders, receiver) = channel();
        (Self { orders }, Orders(receiver))
    }

    /// Returns when these answers are on the disk, side by side in one frame.
    pub(crate) async fn keep(&self, drafts: Vec<Draft>) -> Result<(), ArchiveError> {
        let (done, kept) = oneshot::channel();
        if self.orders.send(Order { drafts, done }).is_err() {
            return Err(ArchiveError::Poisoned);
        }
        kept.await.unwrap_or(Err(ArchiveError::Poisoned))
    }
}

/// Runs requests on this thread, while one thread keeps the answers and another ingests them. What was kept and could
/// not be ingested is ingested next time.
pub(crate) fn while_keeping<T>(
    archive: &mut Archive,
    store: &mut Store,
    runtime: &Runtime,
    work: impl AsyncFnOnce(&Recorder) -> T,
) -> (T, Result<Ingested, IngestError>) {
    let (recorder, orders) = Recorder::new();
    let (frames, incoming) = sync_channel(4);
    thread::scope(|scope| {
        let recording = scope.spawn(move || record(archive, orders, &frames));
        let ingesting = scope.spawn(move || ingest::follow(store, incoming));
        let result = runtime.block_on(work(&recorder));
        drop(recorder);
        recording.join().expect("recording turns every fault into a value");
        (result, ingesting.join().expect("ingesting turns every fault into a value"))
    })
}

/// Keeps what is ordered until every [`Recorder`] is gone, and passes each frame on for ingesting. An ingesting end
/// that is gone does not keep answers from being kept: they are ingested next time.
pub(super) fn record(archive: &mut Archive, Orders(orders): Orders, frames: &SyncSender<Frame>) {
    while let Ok(first) = orders.recv() {
        let mut together = vec![first];
        let mut bytes = size(&together[0]);
        while bytes < SHARED
            && let Ok(next) = orders.try_recv()
        {
            bytes += size(&next);
            together.push(next);
        }
        let drafts: Vec<Draft> = together.iter_mut().flat_map(|order| std::mem::take(&mut order.drafts)).collect();
        let result = archive.append(&drafts);
        drop(drafts);
        match result {
            Ok(frame) => {
                for order in together {
                    // A walker that was stopped no longer waits; its answer is kept all the same.
                    drop(order.done.send(Ok(())));
                }
                drop(frames.send(frame));
            }
            Err(error) => {
                let mut error = Some(error);
                for order in together {
                    drop(order.done.send(Err(error.take().unwrap_or(ArchiveError::Poisoned))));
                }
            }
        }
    }
}

fn size(order: &Order) -> usize {
    order.drafts.iter().map(|draft| draft.body.len()).sum()
}
