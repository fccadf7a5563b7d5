//! `track.scrobble` and `track.updateNowPlaying`: telling a service what sounded and what sounds.

use super::play::{Listen, Play};
use super::verdict::{NowPlaying, Scrobbled};
use crate::error::DecodeError;
use crate::lastfm::answer::Keyed;
use crate::lastfm::call::needed;
use crate::method::{Access, Method, ParamError, Params};

/// Sends up to 50 listens. Of a longer history [`batches`](Self::batches) makes as many calls as it takes.
///
/// The method `track.scrobble` (<https://www.last.fm/api/show/track.scrobble>). A scrobble with the time, artist and
/// track of one that the service has is stored once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scrobble {
    listens: Vec<Listen>,
}

/// A batch that is empty or too large.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch holds 1 to 50 listens, not {size}")]
pub struct BatchSize {
    /// How many there were.
    pub size: usize,
}

impl Scrobble {
    /// The most listens in one call.
    pub const MAX: usize = 50;

    /// A call with these listens.
    ///
    /// # Errors
    /// There are none, or more than [`MAX`](Self::MAX).
    pub fn new(listens: Vec<Listen>) -> Result<Self, BatchSize> {
        match listens.len() {
            1..=Self::MAX => Ok(Self { listens }),
            size => Err(BatchSize { size }),
        }
    }

    /// A call with one listen.
    #[must_use]
    pub fn one(listen: Listen) -> Self {
        Self { listens: vec![listen] }
    }

    /// Calls for any number of listens, in their order.
    ///
    /// ```
    /// use heard_api::lastfm::track::{Play, Scrobble};
    ///
    /// let listens = (0..120).map(|hour| Play::new("The Example", "First Song").at(1_600_000_000 + 3600 * hour));
    /// let sizes: Vec<usize> = Scrobble::batches(listens).map(|call| call.listens().len()).collect();
    /// assert_eq!(sizes, [50, 50, 20]);
    /// ```
    pub fn batches(listens: impl IntoIterator<Item = Listen>) -> impl Iterator<Item = Self> {
        let mut listens = listens.into_iter();
        std::iter::from_fn(move || Self::new(listens.by_ref().take(Self::MAX).collect()).ok())
    }

    /// The listens.
    #[must_use]
    pub fn listens(&self) -> &[Listen] {
        &self.listens
    }

    /// Reads the call from its parameters, as the side that is asked must: `artist[0]` … `artist[49]`, or one listen
    /// without places.
    ///
    /// # Errors
    /// A listen lacks a name or the moment, one cannot be read, or there is none at all.
    pub fn from_params(params: &Params) -> Result<Self, ParamError> {
        let mut listens = Vec::new();
        for place in 0..Self::MAX {
            let of_this = at_place(params, place);
            if of_this.iter().next().is_some() {
                listens.push(listen(&of_this)?);
            }
        }
        if listens.is_empty() {
            listens.push(listen(params)?);
        }
        Ok(Self { listens })
    }
}

/// The parameters of one place of a batch, without it in their names.
fn at_place(params: &Params, place: usize) -> Params {
    let ending = format!("[{place}]");
    let mut found = Params::new();
    for (name, value) in params.iter() {
        if let Some(name) = name.strip_suffix(&ending) {
            found.set(name.to_owned(), value);
        }
    }
    found
}

fn listen(params: &Params) -> Result<Listen, ParamError> {
    Ok(Listen { play: Play::from_params(params)?, timestamp: needed(params, "timestamp")? })
}

impl Method for Scrobble {
    const NAME: &'static str = "track.scrobble";
    const ACCESS: Access = Access::Session;
    const WRITE: bool = true;
    type Answer = Scrobbled;

    fn params(&self, out: &mut Params) {
        for (place, Listen { play, timestamp }) in self.listens.iter().enumerate() {
            play.write(Some(place), out);
            out.set(format!("timestamp[{place}]"), timestamp);
        }
    }

    fn decode(body: &[u8]) -> Result<Scrobbled, DecodeError> {
        Scrobbled::decode(body)
    }

    fn encode(answer: &Scrobbled) -> Vec<u8> {
        answer.encode()
    }
}

/// Tells what sounds now. A failure is not worth a second try: the next track tells it again.
///
/// The method `track.updateNowPlaying` (<https://www.last.fm/api/show/track.updateNowPlaying>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateNowPlaying {
    /// What sounds.
    pub play: Play,
}

impl UpdateNowPlaying {
    /// The call for this play.
    #[must_use]
    pub fn new(play: Play) -> Self {
        Self { play }
    }

    /// Reads the call from its parameters, as the side that is asked must.
    ///
    /// # Errors
    /// A name is missing, or something cannot be read.
    pub fn from_params(params: &Params) -> Result<Self, ParamError> {
        Play::from_params(params).map(Self::new)
    }
}

impl Method for UpdateNowPlaying {
    const NAME: &'static str = "track.updateNowPlaying";
    const ACCESS: Access = Access::Session;
    const WRITE: bool = true;
    type Answer = NowPlaying;

    fn params(&self, out: &mut Params) {
        // Who chose the track and the stream are told with the scrobble only.
        let play = Play { chosen_by_user: None, stream_id: None, ..self.play.clone() };
        play.write(None, out);
    }

    fn decode(body: &[u8]) -> Result<NowPlaying, DecodeError> {
        Keyed::under("nowplaying").decode(body)
    }

    fn encode(answer: &NowPlaying) -> Vec<u8> {
        Keyed::under("nowplaying").encode(answer)
    }
}
