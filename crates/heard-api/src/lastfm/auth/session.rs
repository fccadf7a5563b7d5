//! What a login brings.

use serde::{Deserialize, Serialize};

use crate::decode;
use crate::error::DecodeError;
use crate::lastfm::answer::Keyed;
use crate::lenient::Object;
use crate::secret::Secret;
use crate::wire;

/// A user's grant. `Debug` does not show the key.
#[derive(Clone, Debug)]
pub struct Session {
    /// The user's name, as the service spells it.
    pub name: String,
    /// The session key; 32 characters, not only hexadecimal ones.
    pub key: Secret,
    /// Whether the user pays.
    pub subscriber: Option<bool>,
}

/// The same on the wire. `subscriber` is a number in new answers and a text in old ones
/// (`auth.getSession/docs_sample.json`).
#[derive(Deserialize, Serialize)]
struct Wire {
    name: String,
    key: String,
    #[serde(default, deserialize_with = "crate::lenient::flag", serialize_with = "as_number")]
    subscriber: Option<bool>,
}

fn as_number<S: serde::Serializer>(flag: &Option<bool>, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_u8(u8::from(*flag == Some(true)))
}

/// `{"session":{…}}`
pub(super) fn decode_session(body: &[u8]) -> Result<Session, DecodeError> {
    let Wire { name, key, subscriber } = Keyed::under("session").decode(body)?;
    Ok(Session { name, key: Secret::new(key), subscriber })
}

pub(super) fn encode_session(session: &Session) -> Vec<u8> {
    let Session { name, key, subscriber } = session;
    let wire = Wire { name: name.clone(), key: key.reveal().to_owned(), subscriber: *subscriber };
    Keyed::under("session").encode(&wire)
}

#[derive(Deserialize, Serialize)]
struct Token {
    #[serde(with = "wire::text")]
    token: Option<String>,
}

/// `{"token":"…"}`
pub(super) fn decode_token(body: &[u8]) -> Result<Secret, DecodeError> {
    let Object(Token { token }) = decode::document(body)?;
    token.map(Secret::new).ok_or_else(|| DecodeError::missing(&[], "token"))
}

pub(super) fn encode_token(token: &Secret) -> Vec<u8> {
    decode::written(&Token { token: Some(token.reveal().to_owned()) })
}
