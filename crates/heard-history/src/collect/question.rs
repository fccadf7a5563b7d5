//! How a window is asked of each service, and what it may refuse.

use std::borrow::Cow;

use heard_api::lastfm::user::{GetInfo, GetRecentTracks};
use heard_api::listenbrainz::{self, Call, Listens};
use heard_api::{Code, Error, Reply, Request, public_params};

use crate::connection::Connection;
use crate::listen::{Account, Service};
use crate::normalise::page::Asked;

/// A call as the archive names it: the service's name for it, and its parameters without any secret.
pub(super) type Named = (Cow<'static, str>, Vec<(String, String)>);

impl Connection {
    /// Asks once.
    pub(super) async fn ask(&self, asked: &Asked) -> Result<Reply, Error> {
        match (self, asked.window) {
            (Self::Lastfm(client), _) => client.send(&tracks(asked)).await,
            (Self::Listenbrainz(client), None) => client.send(&listenbrainz::listen_count(&asked.user)).await,
            (Self::Listenbrainz(client), Some(window)) => client.send(&listens(asked, window)).await,
        }
    }

    /// What [`ask`](Self::ask) asks, as the archive names it.
    pub(super) fn named(&self, asked: &Asked) -> Named {
        match (self, asked.window) {
            (Self::Lastfm(_), _) => {
                let request = tracks(asked);
                let params = public_params(&request).into_iter().filter(|(name, _)| name != "method").collect();
                (request.method().to_owned().into(), params)
            }
            (Self::Listenbrainz(_), None) => (listenbrainz::listen_count(&asked.user).path().into(), Vec::new()),
            (Self::Listenbrainz(_), Some((from, to))) => {
                let params =
                    [("min_ts", from.to_string()), ("max_ts", to.to_string()), ("count", count(asked).to_string())];
                let params = params.map(|(name, value)| (name.to_owned(), value));
                (listens(asked, (from, to)).path().into(), params.into())
            }
        }
    }

    /// What a service refused, if this is no answer. GNU FM refuses a window without rows, which is an answer.
    pub(super) fn refusal(&self, service: Service, reply: &Reply) -> Option<Error> {
        let says_none = |error: &Error| service == Service::Librefm && error.code() == Some(Code::InvalidResource);
        match self {
            Self::Lastfm(_) => reply.service_error().filter(|error| !says_none(error)),
            Self::Listenbrainz(_) => listenbrainz::refusal(reply),
        }
    }

    /// Whether there is such an account. GNU FM says of one without listens what it says of one that there is not; only
    /// the profile tells.
    pub(super) async fn check_account(&self, account: &Account) -> Result<(), Error> {
        match self {
            Self::Lastfm(client) if account.service == Service::Librefm => {
                let profile = client.send(&Request::of(&GetInfo::new().user(&account.user))).await?;
                profile.service_error().map_or(Ok(()), Err)
            }
            _ => Ok(()),
        }
    }

    /// Whether an answer repeats a key.
    pub(super) fn is_quoted_in(&self, answer: &[u8]) -> bool {
        match self {
            Self::Lastfm(client) => client.is_quoted_in(answer),
            Self::Listenbrainz(client) => client.is_quoted_in(answer),
        }
    }
}

fn tracks(asked: &Asked) -> Request {
    Request::of(&GetRecentTracks {
        user: asked.user.clone(),
        limit: u32::try_from(asked.limit).ok(),
        page: u32::try_from(asked.page).ok(),
        from: asked.window.map(|(from, _)| from),
        to: asked.window.map(|(_, to)| to),
        extended: false,
    })
}

fn listens(asked: &Asked, (from, to): (i64, i64)) -> Call<Listens> {
    listenbrainz::listens(&asked.user).after(from).before(to).count(count(asked)).call()
}

fn count(asked: &Asked) -> u32 {
    u32::try_from(asked.limit).unwrap_or(u32::MAX)
}
