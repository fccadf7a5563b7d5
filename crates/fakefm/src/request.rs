//! A request, once it is known which service it is for.

use bytes::Bytes;

use crate::{
    answer::{Answer, Refusal},
    call::{Arrival, Call, Format},
    listenbrainz, methods,
    writes::WriteRow,
};

/// Which service is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Service {
    LastFm,
    ListenBrainz(listenbrainz::Endpoint),
}

/// One request, read as far as both services are alike.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) nth: u64,
    pub(crate) service: Service,
    /// Query and form body; of ListenBrainz, the query alone.
    pub(crate) call: Call,
    /// In lower case; of ListenBrainz, what follows `/1/` in the path, without the user's name.
    pub(crate) method: String,
    pub(crate) is_post: bool,
    /// What the header `Authorization` says.
    pub(crate) authorization: Option<String>,
    pub(crate) body: Bytes,
}

impl Request {
    /// Reads what arrived.
    pub(crate) fn of(arrival: &Arrival) -> Self {
        let is_post = arrival.verb == "POST";
        let endpoint = listenbrainz::Endpoint::of(&arrival.path, is_post);
        let call = match endpoint {
            Some(_) => Call::new(&arrival.query, b""),
            None => Call::new(&arrival.query, &arrival.body),
        };
        Self {
            nth: arrival.nth,
            method: endpoint.as_ref().map_or_else(|| call.method(), |endpoint| endpoint.name().to_owned()),
            service: endpoint.map_or(Service::LastFm, Service::ListenBrainz),
            call,
            is_post,
            authorization: arrival.header("authorization").map(ToOwned::to_owned),
            body: arrival.body.clone(),
        }
    }

    /// Whether it asks to change an account.
    pub(crate) fn writes(&self) -> bool {
        match &self.service {
            Service::LastFm => methods::writes(&self.method),
            Service::ListenBrainz(endpoint) => endpoint.writes(),
        }
    }

    /// Whether doing it leaves a trace, be it only a used token.
    pub(crate) fn leaves_traces(&self) -> bool {
        self.writes() || self.method.starts_with("auth.")
    }

    /// What it asks to be written, complete or not.
    pub(crate) fn rows(&self) -> Vec<WriteRow> {
        match &self.service {
            _ if !self.writes() => Vec::new(),
            Service::LastFm => methods::asked(&self.call),
            Service::ListenBrainz(_) => listenbrainz::asked(&self.body),
        }
    }

    /// The user whom it names.
    pub(crate) fn user(&self) -> Option<&str> {
        match &self.service {
            Service::LastFm => self.call.get("user"),
            Service::ListenBrainz(endpoint) => endpoint.user(),
        }
    }

    /// A refusal in the words of the service.
    pub(crate) fn refusal(&self, format: Format, refusal: &Refusal) -> Answer {
        match &self.service {
            Service::LastFm => Answer::refusal(format, refusal),
            Service::ListenBrainz(_) => listenbrainz::refusal(refusal),
        }
    }
}
