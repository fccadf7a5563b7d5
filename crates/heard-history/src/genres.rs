//! What tags come to: genres, from a vocabulary of our own.
//!
//! Tags are what people write on music, and much of it says nothing about how it sounds: that somebody has seen it live,
//! where it is from, who sings. Here is which of them are genres, why the others are none, and how the tags that one
//! answer of a service names become weighted genres that sum to 1. All of it is plain functions; what was asked of
//! services is read by [`crate::store`], and which play inherits what is settled by [`crate::columns`].

mod clean;
mod vocabulary;
mod weigh;

pub use clean::{Meaning, Why};
pub use vocabulary::{Genre, Vocabulary, VocabularyError};
pub use weigh::{Weighed, equally, mean, weigh};
