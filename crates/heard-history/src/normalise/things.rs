//! What a service's answer says of an artist, an album, a track, a tag or an account.
//!
//! The same reading decides, before an answer is kept, whether it is one, and tells later what it says. That a service
//! knows nothing of a thing is an answer, too: error 6 (`artist.getInfo/docs_an_artist_that_doesnt_exist.json`,
//! `track.getInfo/docs_a_track_artist_that_doesnt_exist.json`), and 7 of GNU FM
//! (`user.getRecentTracks/quoted_07_no_listens.json`).

mod answers;
mod plain_text;

use bytes::Bytes;
use heard_api::{Code, DecodeError, Error, Reply};

use crate::facts::{Knowledge, Said, Thing, ThingAnswer, ThingKind};
use crate::identity::{folded, key};

pub use plain_text::plain;

/// A question about a thing, as it was sent.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The service's name for the call.
    pub method: &'a str,
    /// Its parameters.
    pub params: &'a [(String, String)],
}

/// Why an answer says nothing of what was asked.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The service refused, and not because it knows no such thing.
    #[error(transparent)]
    Service(#[from] Error),
    /// The body does not have the form of an answer to this method.
    #[error("the format changed: {0}")]
    Format(#[from] DecodeError),
    /// The list of another account came.
    #[error("the answer is of another account")]
    OtherUser,
    /// Nothing is asked about a thing by this method, or a parameter that names the thing is missing.
    #[error("{method} does not ask about a thing in this way")]
    NoQuestion {
        /// The method.
        method: String,
    },
}

impl Question<'_> {
    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// What is asked about.
    ///
    /// # Errors
    /// [`Refusal::NoQuestion`].
    pub fn thing(&self) -> Result<Thing, Refusal> {
        let no_question = || Refusal::NoQuestion { method: self.method.to_owned() };
        let told = |name| self.get(name).ok_or_else(no_question);
        Ok(match self.method.split('.').next() {
            Some("artist") => Thing::named(ThingKind::Artist, told("artist")?),
            Some("album") => Thing::titled(ThingKind::Album, told("artist")?, told("album")?),
            Some("track") => Thing::titled(ThingKind::Track, told("artist")?, told("track")?),
            Some("tag") => Thing::named(ThingKind::Tag, told("tag")?),
            Some("user") => Thing::named(ThingKind::Account, told("user")?.to_lowercase()),
            _ => return Err(no_question()),
        })
    }

    /// What else is asked, in one text: which stretch of time, which of the account's tags, which further page. How many
    /// rows were wanted is no other question. A name that the service was to look up by its MusicBrainz id is one only
    /// where the id led elsewhere, so it is not in here.
    #[must_use]
    pub fn rest(&self) -> String {
        let of_account = self.method.starts_with("user.");
        let words = ["period", "from", "to", "page", "taggingtype", "tag"];
        let told = words.iter().filter_map(|word| Some((*word, self.get(word)?)));
        let told = told.filter(|(word, value)| match *word {
            "page" => *value != "1",
            "tag" => of_account,
            _ => true,
        });
        told.map(|(word, value)| format!("{word}={value}")).collect::<Vec<_>>().join("&")
    }
}

/// Reads an answer with this HTTP status. The same bytes always give the same answer.
///
/// # Errors
/// [`Refusal`]; such an answer is not to be kept.
pub fn read(question: &Question<'_>, status: u16, body: &[u8]) -> Result<ThingAnswer, Refusal> {
    let thing = question.thing()?;
    let (outcome, said) = match refused(status, body) {
        Some(error) if is_unknown(&error) => (Knowledge::Unknown, Said::default()),
        Some(error) => return Err(error.into()),
        None => {
            let reading = answers::read(question.method, question.get("taggingtype"), body)?;
            if reading.user.is_some_and(|user| user.to_lowercase() != thing.name) {
                return Err(Refusal::OtherUser);
            }
            // A service that does not know stretches of time tells of another than it was asked for.
            let is_of_other_time = reading.span.is_some_and(|told| {
                [("from", &told[0]), ("to", &told[1])]
                    .iter()
                    .any(|(name, told)| question.get(name).is_some_and(|it| it != **told))
            });
            let outcome = if is_of_other_time { Knowledge::Contradiction } else { knowledge(&thing, &reading.said) };
            (outcome, reading.said)
        }
    };
    let asked = match question.get("mbid").filter(|_| outcome != Knowledge::Known) {
        // What the service says of an id does not take the place of what it says of the name.
        Some(mbid) => by_mbid(&question.rest(), mbid),
        None => question.rest(),
    };
    Ok(ThingAnswer { thing, method: question.method.to_owned(), asked, outcome, said })
}

/// The same question, asked by a MusicBrainz id.
#[must_use]
pub fn by_mbid(rest: &str, mbid: &str) -> String {
    if rest.is_empty() { format!("mbid={mbid}") } else { format!("{rest}&mbid={mbid}") }
}

fn refused(status: u16, body: &[u8]) -> Option<Error> {
    let reply = Reply {
        status,
        date: None,
        retry_after: None,
        content_type: None,
        body: Bytes::copy_from_slice(body),
        elapsed: std::time::Duration::ZERO,
    };
    reply.service_error()
}

fn is_unknown(error: &Error) -> bool {
    matches!(error.code(), Some(Code::InvalidParameters | Code::InvalidResource))
}

/// An answer whose own names are other ones is about something else.
fn knowledge(thing: &Thing, said: &Said) -> Knowledge {
    let fits = |told: Option<&String>, asked: &str| told.is_none_or(|told| is_same_name(told, asked));
    let about = said.about.as_ref();
    let same = thing.kind == ThingKind::Account
        || about.is_none_or(|about| fits(about.name.as_ref(), &thing.name) && fits(about.title.as_ref(), &thing.title));
    if same { Knowledge::Known } else { Knowledge::Contradiction }
}

/// Whether two spellings may stand for one name: services write names in a case and with accents of their own.
fn is_same_name(one: &str, other: &str) -> bool {
    let (folded_one, folded_other) = (folded(one), folded(other));
    if folded_one.is_empty() || folded_other.is_empty() { key(one) == key(other) } else { folded_one == folded_other }
}
