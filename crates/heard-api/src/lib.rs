#![doc = include_str!("../README.md")]

pub mod audioscrobbler;
pub mod clock;
pub mod error;
pub mod lastfm;
pub mod listenbrainz;
pub mod pace;
pub mod sign;

mod cache;
mod cause;
mod client;
mod code;
mod decode;
mod lenient;
mod method;
mod offers;
mod options;
mod pacer;
mod pages;
mod pictures;
mod refusal;
mod reply;
mod request;
mod secret;
mod strangers;
mod transport;
mod wire;
mod xml;

pub use cache::Cache;
pub use client::Client;
pub use clock::Clock;
pub use error::{Cause, Class, Code, ConfigurationError, Content, DecodeError, Error, NotThisList, Stage, Unfit};
pub use method::{Access, Method, ParamError, Params};
pub use offers::{MobileLogin, Offers, Service};
pub use options::{ClientOptions, Credentials};
pub use pace::{Outcome, Rate, retry_wait};
pub use pacer::{Pacer, Snapshot};
pub use pages::{Items, Pages};
pub use pictures::PictureClient;
pub use reply::Reply;
pub use request::{Request, Verb, public_params};
pub use secret::Secret;
