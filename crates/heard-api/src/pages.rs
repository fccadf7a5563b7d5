//! Walks over the pages of a list.

use std::collections::VecDeque;
use std::marker::PhantomData;

use futures_util::Stream;
use futures_util::stream::unfold;

use crate::client::Client;
use crate::error::{Error, NotThisList};
use crate::lastfm::answer::Page;
use crate::method::Method;
use crate::request::Request;

/// How often a page is asked for before its failure is handed on.
const TRIES: u32 = 3;

/// The pages of a list, one after the other: [`next`](Self::next) until it gives none.
///
/// A page that fails in a way that may pass is asked for up to three times, with growing waits; then the walk stands
/// still: the next `next` asks for the same page once more. The list may grow while it is walked: its last rows then
/// come again on the next page, so tell rows apart by more than their place. With `to` set, a list of listens cannot
/// grow.
#[derive(Clone, Debug)]
pub struct Pages<M, T> {
    client: Client,
    request: Request,
    at: Option<u64>,
    /// Whether the request names a page of its own; otherwise the first one is asked for without a number.
    numbered: bool,
    user: Option<String>,
    types: PhantomData<fn() -> (M, T)>,
}

/// The rows of a list, one after the other, whatever page they are on.
#[derive(Clone, Debug)]
pub struct Items<M, T> {
    pages: Pages<M, T>,
    ready: VecDeque<T>,
    playing: Option<T>,
}

impl Client {
    /// The pages of a list, beginning with the page that the call names, or the first.
    ///
    /// ```no_run
    /// use heard_api::Client;
    /// use heard_api::lastfm::{Period, user::GetTopAlbums};
    ///
    /// # async fn walk(client: &Client) -> Result<(), heard_api::Error> {
    /// let mut pages = client.pages(&GetTopAlbums::new("someone").period(Period::SixMonths).limit(200_u32));
    /// while let Some(page) = pages.next().await? {
    ///     println!("{:?}: {} albums", page.paging.page, page.items.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn pages<M: Method, T>(&self, call: &M) -> Pages<M, T>
    where
        M::Answer: Into<Page<T>>,
    {
        let request = Request::of(call);
        let named = request.params().get("page").and_then(|page| page.parse().ok());
        let user = request.params().get("user").map(ToOwned::to_owned);
        let (at, numbered) = (Some(named.unwrap_or(1)), named.is_some());
        Pages { client: self.clone(), request, at, numbered, user, types: PhantomData }
    }

    /// The rows of a list, beginning with the page that the call names, or the first.
    ///
    /// ```no_run
    /// use heard_api::Client;
    /// use heard_api::lastfm::user::GetLovedTracks;
    ///
    /// # async fn walk(client: &Client) -> Result<(), heard_api::Error> {
    /// let mut loved = client.items(&GetLovedTracks::new("someone"));
    /// while let Some(track) = loved.next().await? {
    ///     println!("{} - {}", track.artist.name, track.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn items<M: Method, T>(&self, call: &M) -> Items<M, T>
    where
        M::Answer: Into<Page<T>>,
    {
        Items { pages: self.pages(call), ready: VecDeque::new(), playing: None }
    }
}

impl<M: Method, T> Pages<M, T>
where
    M::Answer: Into<Page<T>>,
{
    /// The next page, or none after the last.
    ///
    /// # Errors
    /// As [`Client::call`], after three tries where trying again may help; besides, [`Error::NotThisList`] when the
    /// answer is about another user or is another page, as rarely happens.
    pub async fn next(&mut self) -> Result<Option<Page<T>>, Error> {
        let Some(at) = self.at else { return Ok(None) };
        let request = if self.numbered { self.request.clone().param("page", at) } else { self.request.clone() };
        let mut tries = 1;
        let page = loop {
            match self.page(&request, at).await {
                Ok(page) => break page,
                Err(error) if !error.retryable() || tries == TRIES => return Err(error),
                Err(error) => {
                    let pacer = self.client.pacer();
                    self.client.clock().sleep(pacer.retry_wait(tries, error.class())).await;
                    tries += 1;
                }
            }
        };
        self.at = page.next();
        self.numbered = true;
        Ok(Some(page))
    }

    /// The pages as a stream, which ends after the last. Each failure is one item of it, as [`next`](Self::next) tells
    /// it; whoever asks on gets the same page once more.
    ///
    /// ```no_run
    /// use futures_util::TryStreamExt;
    /// use heard_api::Client;
    /// use heard_api::lastfm::user::GetTopAlbums;
    ///
    /// # async fn walk(client: &Client) -> Result<(), heard_api::Error> {
    /// let pages = client.pages(&GetTopAlbums::new("someone")).into_stream();
    /// let albums: usize = pages.map_ok(|page| page.items.len()).try_fold(0, async |sum, more| Ok(sum + more)).await?;
    /// println!("{albums} albums");
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_stream(self) -> impl Stream<Item = Result<Page<T>, Error>> {
        unfold(self, async |mut pages| pages.next().await.transpose().map(|page| (page, pages)))
    }

    async fn page(&self, request: &Request, at: u64) -> Result<Page<T>, Error> {
        let page: Page<T> = self.client.read::<M>(request).await?.into();
        let fits = self.check(&page, at);
        if fits.is_err() {
            self.client.forget(request);
        }
        fits.map_err(Error::NotThisList).map(|()| page)
    }

    /// Whether this is the page that was asked for.
    fn check(&self, page: &Page<T>, at: u64) -> Result<(), NotThisList> {
        let is = |told: Option<&str>, asked: &str| told.is_none_or(|told| told.eq_ignore_ascii_case(asked));
        if self.user.as_ref().is_some_and(|user| !is(page.about.user(), user)) {
            return Err(NotThisList::OtherUser);
        }
        // Before 2015 the first page was sometimes called 0, and GNU FM does not always say.
        if page.paging.page.is_some_and(|told| told.max(1) != at.max(1)) {
            return Err(NotThisList::OtherPage { asked: at });
        }
        Ok(())
    }
}

impl<M: Method, T> Items<M, T>
where
    M::Answer: Into<Page<T>>,
{
    /// The next row, or none after the last. What plays now is not among the rows.
    ///
    /// # Errors
    /// As [`Pages::next`]; the rows before the page that failed have been given.
    pub async fn next(&mut self) -> Result<Option<T>, Error> {
        while self.ready.is_empty() {
            let Some(page) = self.pages.next().await? else { return Ok(None) };
            if page.playing.is_some() {
                self.playing = page.playing;
            }
            self.ready.extend(page.items);
        }
        Ok(self.ready.pop_front())
    }

    /// The rows as a stream, which ends after the last. Each failure is one item of it, as [`next`](Self::next) tells
    /// it; whoever asks on goes on with the row behind the last.
    pub fn into_stream(self) -> impl Stream<Item = Result<T, Error>> {
        unfold(self, async |mut items| items.next().await.transpose().map(|row| (row, items)))
    }

    /// What played when the latest page was asked for; lists of listens alone tell it.
    #[must_use]
    pub fn playing(&self) -> Option<&T> {
        self.playing.as_ref()
    }
}
