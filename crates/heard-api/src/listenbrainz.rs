//! The language of ListenBrainz, which Maloja, Koito and others understand too.
//!
//! A [`Call`] is made by a function of this module and sent by a [`Client`].
//!
//! ```no_run
//! use heard_api::listenbrainz::{self, Client, Listen};
//! use heard_api::{ClientOptions, Clock, Credentials, Pacer, Rate};
//!
//! # async fn submit() -> Result<(), Box<dyn std::error::Error>> {
//! let pacer = Pacer::new(Rate::default(), Clock::system());
//! let options = ClientOptions::new(listenbrainz::ROOT, Credentials::token("your user token"), pacer);
//! let client = Client::new(options)?;
//! let who = client.call(&listenbrainz::validate_token()).await?;
//! let listen = Listen::new("The Example", "First Song").at(1_600_000_000).release("An Album");
//! client.call(&listenbrainz::submit(&listenbrainz::Submission::single(listen)?)).await?;
//! println!("one listen more for {:?}", who.user_name);
//! # Ok(())
//! # }
//! ```

mod answers;
mod calls;
mod client;
mod listen;
mod submission;
mod walk;

pub use answers::{Count, Done, Feedback, FeedbackPage, Listens, Payload, Playing, Refusal, Score, TokenCheck};
pub use calls::{
    Call, ListensCall, feedback, listen_count, listens, playing_now, read, recording_feedback, submit, validate_token,
};
pub use client::{Client, refusal};
pub use listen::{Listen, ListenItem, TrackMetadata};
pub use submission::{ListenType, Submission, Unacceptable};
pub use walk::Walk;

/// The root of ListenBrainz.
pub const ROOT: &str = "https://api.listenbrainz.org/1/";
