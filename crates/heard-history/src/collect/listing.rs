//! What cannot be read as the first page of a window: a second with more plays than a page, and the undated plays at
//! the end of the whole list. Their pages are read until two readings agree.

use super::CollectError;
use super::answer::Answer;
use super::fetch::{Failure, Fetcher};
use super::recorder::Recorder;
use crate::archive::{Draft, Purpose, mark_body};
use crate::facts::Closing;
use crate::listen::{Service, Span, UNDATED};
use crate::normalise::listenbrainz_pages;
use crate::normalise::page::{Asked, counts_windows};

/// Readings before giving up on two that agree.
const READINGS: u32 = 10;

/// What is to be read.
#[derive(Clone, Copy, Debug)]
pub(super) enum Part {
    /// All plays of one second.
    Second(i64),
    /// The last so many rows of the whole list of `total`.
    Undated {
        /// How many rows have no moment.
        rows: u64,
        /// How many rows there are in all.
        total: u64,
    },
}

/// Whether it was read.
#[derive(Debug)]
pub(super) enum Listed {
    /// Two readings agreed, and are kept.
    Kept,
    /// No two readings agreed, for this reason.
    Unsettled(String),
}

/// One reading: its answers, and what they show.
struct Reading {
    answers: Vec<Answer>,
    rows: Vec<Row>,
}

type Row = (i64, String, String, Option<String>);

/// Reads listings of one run.
pub(super) struct Listing<'a> {
    pub(super) fetcher: &'a Fetcher,
    pub(super) recorder: &'a Recorder,
    pub(super) run: u64,
    pub(super) size: u64,
}

impl Part {
    fn span(self) -> Span {
        let second = match self {
            Self::Second(second) => second,
            Self::Undated { .. } => UNDATED,
        };
        Span::new(second, second + 1)
    }

    fn purpose(self) -> Purpose {
        match self {
            Self::Second(_) => Purpose::Dense,
            Self::Undated { .. } => Purpose::Tail,
        }
    }

    fn asked(self, fetcher: &Fetcher, size: u64, page: u64) -> Asked {
        let account = fetcher.account();
        let first = Asked::stretch(account.service, &account.user, self.span(), size);
        let window = match self {
            Self::Second(_) => first.window,
            Self::Undated { .. } => None,
        };
        Asked { page, window, ..first }
    }
}

impl Listing<'_> {
    /// Reads until two readings agree, and keeps them.
    ///
    /// # Errors
    /// What ends collecting altogether.
    pub(super) async fn read(&self, part: Part) -> Result<Listed, CollectError> {
        if self.fetcher.account().service == Service::Listenbrainz {
            return self.read_at_once(part).await;
        }
        let mut earlier: Option<Vec<Row>> = None;
        let mut reason = String::from("no two readings agreed");
        for _ in 0..READINGS {
            match self.read_once(part).await {
                Ok(Some(reading)) if earlier.as_ref() == Some(&reading.rows) => {
                    self.close(part, reading).await?;
                    return Ok(Listed::Kept);
                }
                Ok(Some(reading)) => {
                    earlier = Some(reading.rows);
                    self.recorder.keep(self.drafts(part, reading.answers)).await?;
                }
                Ok(None) => earlier = None,
                Err(Failure::Window(why)) => reason = why,
                Err(Failure::TooLarge) => "the service takes no pages of this size".clone_into(&mut reason),
                Err(Failure::Stop(error)) => return Err(error),
            }
        }
        Ok(Listed::Unsettled(reason))
    }

    /// ListenBrainz numbers no pages: of one second it shows what one answer holds. Where there may be more, what is shown is
    /// kept, and the second stays open.
    async fn read_at_once(&self, part: Part) -> Result<Listed, CollectError> {
        let answer = match self.fetcher.ask(part.asked(self.fetcher, listenbrainz_pages::MOST, 1)).await {
            Ok(answer) => answer,
            Err(Failure::Stop(error)) => return Err(error),
            Err(Failure::Window(reason)) => return Ok(Listed::Unsettled(reason)),
            Err(Failure::TooLarge) => {
                return Ok(Listed::Unsettled("the service takes no pages of this size".to_owned()));
            }
        };
        let (rows, is_whole) = (answer.count, answer.total.is_some());
        let purpose = if is_whole { Purpose::Walk } else { Purpose::Dense };
        self.recorder.keep(vec![self.fetcher.draft(answer, purpose, self.run, Some(part.span()))]).await?;
        self.fetcher.meter().page(rows);
        if is_whole {
            return Ok(Listed::Kept);
        }
        Ok(Listed::Unsettled(format!("the service shows only {rows} of the listens of this one second")))
    }

    /// Keeps that there are no undated plays: the counts of the whole list and of all dated plays are equal.
    pub(super) async fn close_empty(&self) -> Result<Listed, CollectError> {
        let closing = Closing { span: Span::new(UNDATED, UNDATED + 1), pages: 0 };
        self.recorder.keep(vec![self.fetcher.mark(Purpose::Close, self.run, mark_body(&closing))]).await?;
        Ok(Listed::Kept)
    }

    /// One reading; `None` when the list moved under it.
    async fn read_once(&self, part: Part) -> Result<Option<Reading>, Failure> {
        let (mut page, mut total) = match part {
            Part::Second(_) => (1, None),
            // From the row before them on: were it undated too, the counts were of different moments.
            Part::Undated { rows, total } => ((total - rows).saturating_sub(1) / self.size + 1, Some(Some(total))),
        };
        let mut reading = Reading { answers: Vec::new(), rows: Vec::new() };
        loop {
            let answer = self.fetcher.ask(part.asked(self.fetcher, self.size, page)).await?;
            // Where windows are not counted, a total is that of this page and those before it.
            let told = answer.total.filter(|_| counts_windows(self.fetcher.account().service));
            if *total.get_or_insert(told) != told || answer.per_page != self.size {
                return Ok(None);
            }
            let last = answer.total.is_some_and(|total| page * self.size >= total);
            collect_rows(&answer, part.span(), &mut reading.rows)?;
            reading.answers.push(answer);
            if last {
                break;
            }
            page += 1;
        }
        reading.rows.sort_unstable();
        let wrong = matches!(part, Part::Undated { rows, .. } if rows != reading.rows.len() as u64);
        Ok((!wrong).then_some(reading))
    }

    fn drafts(&self, part: Part, answers: Vec<Answer>) -> Vec<Draft> {
        answers.into_iter().map(|answer| self.fetcher.draft(answer, part.purpose(), self.run, None)).collect()
    }

    async fn close(&self, part: Part, reading: Reading) -> Result<(), CollectError> {
        let rows = reading.rows.len() as u64;
        let mut drafts = self.drafts(part, reading.answers);
        let closing = Closing { span: part.span(), pages: drafts.len() };
        drafts.push(self.fetcher.mark(Purpose::Close, self.run, mark_body(&closing)));
        self.recorder.keep(drafts).await?;
        self.fetcher.meter().page(rows);
        Ok(())
    }
}

fn collect_rows(answer: &Answer, span: Span, rows: &mut Vec<Row>) -> Result<(), Failure> {
    let page = answer.page().map_err(|refusal| Failure::Window(refusal.to_string()))?;
    let mut listing = page.listing;
    listing.keep(&span);
    rows.extend(listing.plays.iter().map(|play| {
        let album = play.album.as_deref().map(str::to_owned);
        (play.played_at, play.artist.to_string(), play.track.to_string(), album)
    }));
    rows.extend(listing.rejects.iter().map(|reject| (reject.played_at, String::new(), String::new(), None)));
    Ok(())
}
