//! A Last.fm and a ListenBrainz that live on loopback, hold as many scrobbles as wanted, are written to, and misbehave on
//! request.
//!
//! It speaks the services' protocols as text, without the types of any client, so that a mistake in such types cannot
//! hide itself. What it knows of the service's shapes and texts comes from recorded answers; where a shape is
//! imitated, its fixture is named.
//!
//! ```
//! use fakefm::{Config, FakeFm, Fault, Generate, Play};
//!
//! let fake = FakeFm::start(Config::generated("ann", &Generate::plain(7, 1_000, 1_750_000_000)))?;
//! println!("{}", fake.url()); // http://127.0.0.1:PORT/2.0/
//! fake.world().listener().add(&Play::new(1_750_000_100, "Somebody", "Something"));
//! fake.fail_next(Fault::CutConnection);
//! assert_eq!(fake.world().listener().len(), 1_001);
//! # Ok::<(), std::io::Error>(())
//! ```

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct ReadMe;

mod account;
mod admin;
mod admin_writes;
mod answer;
mod backend;
mod batch;
mod bomb;
mod call;
mod catalogue;
mod clock;
mod connection;
mod faults;
mod generate;
mod gnufm;
mod grants;
mod json;
mod listenbrainz;
pub mod load;
mod lore;
mod md5;
mod methods;
mod movement;
mod mutation;
mod names;
mod oracle;
mod pictures;
mod play;
mod random;
mod request;
mod rules;
mod server;
mod sieve;
mod signature;
mod spoil;
mod stats;
mod tally;
mod taste;
mod tree;
mod web;
mod world;
mod writes;
mod writing;
mod written;
mod xml;

pub use account::{Account, Glitch};
pub use backend::Hook;
pub use call::Arrival;
pub use clock::{HandClock, TellTime};
pub use faults::{Fault, Faults, When};
pub use generate::Generate;
pub use listenbrainz::ListenBrainzAccount;
pub use movement::Movement;
pub use mutation::{Change, Mutation};
pub use oracle::{Bounds, Violation};
pub use pictures::Cover;
pub use play::{Edit, Listing, Play, PlayId};
pub use rules::{BeyondEnd, EmptyList, Keys, OverLimit, Patience, Rules, SingleRow};
pub use server::{Config, FakeFm, WorldGuard};
pub use stats::{Logged, Stats};
pub use world::World;
pub use writes::{Outcome, Write, WriteRow};
pub use writing::{Corrections, RequestWindow, Writing};
pub use written::{Holding, Tagged};
