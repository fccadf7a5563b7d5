//! What the listener asked a service by hand: its answers are kept like any others, and nothing is derived from them.

use bytes::Bytes;

use crate::archive::{Archive, Draft, Purpose};
use crate::home::{Home, HomeLock};
use crate::ingest::{self, IngestError};
use crate::listen::Account;
use crate::store::Store;

/// An answer as it came, and to what.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Who asked which service; about which account, where the call names one.
    pub account: Account,
    /// The service's name for the call.
    pub method: String,
    /// The call's parameters, without key, session, token or signature.
    pub params: Vec<(String, String)>,
    /// HTTP status.
    pub status: u16,
    /// The service's `Date`, in Unix seconds.
    pub served_at: Option<i64>,
    /// Unix seconds, by the local clock.
    pub received_at: i64,
    /// The answer, byte for byte.
    pub body: Bytes,
}

/// Keeps an answer. Returns its place in the archive.
///
/// # Errors
/// What the archive or the store says.
pub fn keep(home: &Home, lock: &HomeLock, store: &mut Store, answer: Answer) -> Result<u64, IngestError> {
    let (mut archive, _) = Archive::open(home, lock, store.position()?.seq)?;
    let place = archive.last() + 1;
    let Answer { account, method, params, status, served_at, received_at, body } = answer;
    archive.append(&[Draft {
        received_at,
        account,
        method: method.into(),
        params,
        purpose: Purpose::Asked,
        run: place,
        wanted: None,
        status,
        served_at,
        body,
        is_json: false,
        sha256: None,
    }])?;
    ingest::catch_up(home, store)?;
    Ok(place)
}
