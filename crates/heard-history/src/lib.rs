//! What was heard: the archive of raw answers, the store made from it, and the questions asked of it.

pub mod archive;
pub mod collect;
pub mod columns;
pub mod decide;
pub mod deliver;
pub mod export;
pub mod facts;
pub mod genres;
pub mod home;
pub mod identity;
pub mod import;
pub mod ingest;
pub mod listen;
pub mod normalise;
pub mod outbox;
pub mod playback;
pub mod reconcile;
pub mod rules;
pub mod stats;
pub mod stop;
pub mod store;
pub mod verify;
pub mod zone;
