//! What can go wrong with an answer, how often, and when on demand.

use std::{collections::VecDeque, ops::Range};

use crate::{mutation::Mutation, random::Random, writes::WriteRow};

/// One way in which an answer goes wrong.
#[derive(Debug, Clone, PartialEq)]
pub enum Fault {
    /// The service refuses with error `code` and its known text, under HTTP `status` (which may be 200).
    Refusal {
        /// The service's number of the error.
        code: u16,
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// An HTTP `status` and no body at all; 200 too.
    NoBody {
        /// The HTTP status.
        status: u16,
        /// The header `Retry-After`, in seconds.
        retry_after: Option<u32>,
    },
    /// An HTML page of something that stands before the service; with status 200 too.
    Html {
        /// The HTTP status.
        status: u16,
    },
    /// The text ends early, and `Content-Length` agrees with that.
    CutText,
    /// The connection closes in the middle of the body.
    CutConnection,
    /// The connection is reset before the first byte of the answer. What the request asks to be written is not.
    Reset,
    /// What the request asks to be written is written, and then the answer goes wrong as told here: with
    /// [`Reset`](Self::Reset) it is lost. Without this, a request that is refused, reset, or answered without a right
    /// body by [`Refusal`](Self::Refusal), [`NoBody`](Self::NoBody), [`Html`](Self::Html) or [`Bomb`](Self::Bomb) writes
    /// nothing; the other faults spoil the answer to a write that was done.
    AfterWrite(Box<Fault>),
    /// The right answer, after so many milliseconds.
    Late {
        /// How long it takes.
        ms: u64,
    },
    /// The right answer one byte a tick, until so many milliseconds are over: then the connection is closed.
    Drip {
        /// Between two bytes, in milliseconds.
        tick_ms: u64,
        /// For how long in all, in milliseconds.
        for_ms: u64,
    },
    /// The answer to another listener's request.
    OtherUser,
    /// The page after the one that was asked for.
    OtherPage,
    /// The good answer that was given last, to whatever request that was. Without one, the right answer.
    Stale,
    /// The right text with bytes in it that are not UTF-8.
    InvalidUtf8,
    /// The right text with a key of the inner object once more, with an empty value.
    DoubledKey,
    /// Zeros in gzip, which grow to so many MiB.
    Bomb {
        /// The size after decompression, in MiB.
        mib: u32,
    },
    /// XML, though JSON was asked for.
    XmlBody,
    /// JSON of another shape.
    Mutated(Mutation),
}

impl Fault {
    /// The write is done, and nobody hears of it.
    pub fn lost_answer() -> Self {
        Self::AfterWrite(Box::new(Self::Reset))
    }

    /// The fault of the answer, and whether a write is done before it.
    pub(crate) fn parts(&self) -> (&Self, bool) {
        match self {
            Self::AfterWrite(of_answer) => (of_answer.parts().0, true),
            Self::Refusal { .. } | Self::NoBody { .. } | Self::Html { .. } | Self::Bomb { .. } | Self::Reset => {
                (self, false)
            }
            _ => (self, true),
        }
    }

    /// Every kind once, with usual values; of the mutations a handful, and of what comes after a write nothing: to
    /// those who read it is nothing new.
    pub fn kinds() -> Vec<Self> {
        let refusals = [
            (8, 500, None),
            (8, 503, None),
            (8, 400, None),
            (8, 200, None),
            (11, 503, None),
            (16, 503, None),
            (29, 429, None),
            (29, 429, Some(30)),
            (29, 200, None),
        ];
        let no_bodies = [(429, Some(30)), (429, None), (500, None), (200, None)];
        let mut kinds = vec![
            Self::CutText,
            Self::CutConnection,
            Self::Reset,
            Self::Late { ms: 20 },
            Self::Drip { tick_ms: 1, for_ms: 100 },
            Self::OtherUser,
            Self::OtherPage,
            Self::Stale,
            Self::InvalidUtf8,
            Self::DoubledKey,
            Self::Bomb { mib: 1024 },
            Self::XmlBody,
        ];
        kinds.extend(refusals.map(|(code, status, retry_after)| Self::Refusal { code, status, retry_after }));
        kinds.extend(no_bodies.map(|(status, retry_after)| Self::NoBody { status, retry_after }));
        kinds.extend([200, 400, 500, 502, 503].map(|status| Self::Html { status }));
        kinds.extend(Mutation::all().into_iter().step_by(19).map(Self::Mutated));
        kinds
    }
}

/// Which faults befall requests by chance. What befalls the nth request depends on the seed and on n alone.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    seed: u64,
    weighed: Vec<(f64, Fault)>,
}

impl Faults {
    /// None.
    pub fn none() -> Self {
        Self::default()
    }

    /// No faults yet; add them by [`and`](Self::and).
    pub fn new(seed: u64) -> Self {
        Self { seed, weighed: Vec::new() }
    }

    /// One more fault, which befalls the share `chance` of all requests. All chances together are at most 1.
    #[must_use]
    pub fn and(mut self, chance: f64, fault: Fault) -> Self {
        self.weighed.push((chance, fault));
        self
    }

    /// The share `share` of all requests is spoilt, by all kinds evenly.
    pub fn spoilt(seed: u64, share: f64) -> Self {
        let kinds = Fault::kinds();
        let each = share / kinds.len() as f64;
        Self { seed, weighed: kinds.into_iter().map(|kind| (each, kind)).collect() }
    }

    /// A hostile network: a good third of all requests fails, in the mix that real clients report.
    pub fn hostile(seed: u64) -> Self {
        let refusal = |code, status| Fault::Refusal { code, status, retry_after: None };
        let asked_to_wait = Fault::Refusal { code: 29, status: 429, retry_after: Some(30) };
        let silence = |status, retry_after| Fault::NoBody { status, retry_after };
        Self::new(seed)
            .and(0.12, refusal(8, 500))
            .and(0.04, silence(500, None))
            .and(0.02, Fault::Html { status: 502 })
            .and(0.02, Fault::Html { status: 503 })
            .and(0.025, Fault::CutText)
            .and(0.025, Fault::CutConnection)
            .and(0.03, Fault::Reset)
            .and(0.005, refusal(29, 429))
            .and(0.005, asked_to_wait)
            .and(0.005, silence(429, Some(30)))
            .and(0.005, silence(429, None))
            .and(0.02, refusal(8, 200))
            .and(0.01, Fault::OtherUser)
            .and(0.01, Fault::OtherPage)
            .and(0.01, Fault::Drip { tick_ms: 1, for_ms: 100 })
            .and(0.005, Fault::InvalidUtf8)
            .and(0.005, Fault::DoubledKey)
            .and(0.005, Fault::Bomb { mib: 1024 })
    }

    /// A network that loses: a third of all requests has no readable answer, and half of those that write have done it.
    pub fn lossy(seed: u64) -> Self {
        let silence = Fault::NoBody { status: 500, retry_after: None };
        let page = Fault::Html { status: 502 };
        let after = |fault: &Fault| Fault::AfterWrite(Box::new(fault.clone()));
        let too_fast = Fault::Refusal { code: 29, status: 429, retry_after: Some(1) };
        Self::new(seed)
            .and(0.06, Fault::Reset)
            .and(0.06, Fault::lost_answer())
            .and(0.04, silence.clone())
            .and(0.03, after(&silence))
            .and(0.03, page.clone())
            .and(0.02, after(&page))
            .and(0.03, Fault::CutConnection)
            .and(0.03, Fault::CutText)
            .and(0.03, too_fast)
    }

    /// The mix that `text` names: `none`, `hostile`, `lossy` or `spoilt:SHARE` with a share from 0 to 1. `None` for others.
    pub fn parse(text: &str, seed: u64) -> Option<Self> {
        match text.split_once(':') {
            None if text == "none" => Some(Self::none()),
            None if text == "hostile" => Some(Self::hostile(seed)),
            None if text == "lossy" => Some(Self::lossy(seed)),
            Some(("spoilt", share)) => {
                let share = share.parse().ok().filter(|share| (0.0..=1.0).contains(share))?;
                Some(Self::spoilt(seed, share))
            }
            _ => None,
        }
    }

    /// What befalls the nth request.
    pub(crate) fn draw(&self, nth: u64) -> Option<&Fault> {
        let mut left = Random::of_request(self.seed, nth).unit();
        let falls_here = |(chance, _): &&(f64, Fault)| {
            left -= chance;
            left < 0.0
        };
        self.weighed.iter().find(falls_here).map(|(_, fault)| fault)
    }
}

/// Which requests a fault on demand befalls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum When {
    /// Any.
    Always,
    /// Those with these numbers; the first request of all has number 1.
    Requests(Range<u64>),
    /// Those for lists whose window holds this second (Unix; 0 for the undated ones).
    Second(i64),
    /// Those of this method, whatever its case; of ListenBrainz, what follows `/1/` in the path (`submit-listens`).
    Method(String),
    /// Those that write.
    Writes,
    /// Those that ask to write something of a track with this title: poison in a batch.
    Track(String),
}

/// What a request is, for a fault on demand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occasion<'a> {
    pub(crate) nth: u64,
    /// In lower case.
    pub(crate) method: &'a str,
    /// The seconds of the window, end excluded, if it is a request for a list.
    pub(crate) window: Option<(i64, i64)>,
    /// What it asks to be written, if it writes.
    pub(crate) rows: Option<&'a [WriteRow]>,
}

impl When {
    fn suits(&self, occasion: Occasion<'_>) -> bool {
        match self {
            Self::Always => true,
            Self::Requests(range) => range.contains(&occasion.nth),
            Self::Second(second) => occasion.window.is_some_and(|(start, end)| (start..end).contains(second)),
            Self::Method(method) => method.eq_ignore_ascii_case(occasion.method),
            Self::Writes => occasion.rows.is_some(),
            Self::Track(title) => occasion.rows.is_some_and(|rows| rows.iter().any(|row| row.track == *title)),
        }
    }
}

/// Faults on demand, in the order in which they were ordered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    orders: VecDeque<(When, Fault, u32)>,
}

impl Script {
    /// Orders that `fault` befalls the next `times` requests that suit.
    pub(crate) fn order(&mut self, when: When, fault: Fault, times: u32) {
        if times > 0 {
            self.orders.push_back((when, fault, times));
        }
    }

    pub(crate) fn clear(&mut self) {
        self.orders.clear();
    }

    /// The first fault that suits, which uses up its order by one.
    pub(crate) fn take(&mut self, occasion: Occasion<'_>) -> Option<Fault> {
        let at = self.orders.iter().position(|(when, _, _)| when.suits(occasion))?;
        let (_, fault, times) = &mut self.orders[at];
        let fault = fault.clone();
        *times -= 1;
        if *times == 0 {
            self.orders.remove(at);
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults, Occasion, Script, When};
    use crate::writes::{Outcome, WriteRow};

    #[test]
    fn chance_faults_come_as_often_as_promised_and_by_seed() {
        let share = |faults: &Faults| (1..=20_000).filter(|nth| faults.draw(*nth).is_some()).count() as f64 / 20_000.0;
        assert!((share(&Faults::hostile(1)) - 0.365).abs() < 0.02);
        assert!((share(&Faults::spoilt(1, 0.2)) - 0.2).abs() < 0.02);
        assert!((share(&Faults::lossy(1)) - 0.33).abs() < 0.02);
        assert!(share(&Faults::none()) < f64::EPSILON);
        let all = |seed| (1..500).map(|nth| Faults::hostile(seed).draw(nth).cloned()).collect::<Vec<_>>();
        assert_eq!(all(5), all(5));
        assert_ne!(all(5), all(6));
    }

    #[test]
    fn every_kind_comes_up_in_a_spoilt_run() {
        let faults = Faults::spoilt(3, 0.9);
        for kind in Fault::kinds() {
            assert!((1..=20_000).any(|nth| faults.draw(nth) == Some(&kind)), "{kind:?}");
        }
    }

    #[test]
    fn orders_are_used_up_by_the_requests_that_suit() {
        let mut script = Script::default();
        script.order(When::Second(7), Fault::CutText, 2);
        script.order(When::Requests(3..5), Fault::Reset, u32::MAX);
        script.order(When::Method("user.getInfo".into()), Fault::Stale, 1);
        script.order(When::Always, Fault::XmlBody, 0);
        let mut on = |nth, method, window| script.take(Occasion { nth, method, window, rows: None });
        assert_eq!(on(1, "user.getrecenttracks", Some((8, 9))), None);
        assert_eq!(on(1, "user.getrecenttracks", Some((7, 8))), Some(Fault::CutText));
        assert_eq!(on(3, "user.getrecenttracks", Some((0, i64::MAX))), Some(Fault::CutText));
        assert_eq!(on(4, "user.getrecenttracks", Some((0, 8))), Some(Fault::Reset));
        assert_eq!(on(5, "user.getrecenttracks", Some((0, 8))), None);
        assert_eq!(on(6, "user.getinfo", None), Some(Fault::Stale));
        assert_eq!(on(7, "user.getinfo", None), None);
    }

    #[test]
    fn writes_are_struck_by_kind_and_by_what_they_hold() {
        let row = |track: &str| WriteRow {
            uts: None,
            artist: "A".into(),
            track: track.into(),
            album: String::new(),
            outcome: Outcome::Undone,
        };
        let mut script = Script::default();
        script.order(When::Track("poison".into()), Fault::CutText, 9);
        script.order(When::Writes, Fault::lost_answer(), 9);
        let (good, bad) = ([row("good")], [row("good"), row("poison")]);
        let mut on = |rows| script.take(Occasion { nth: 1, method: "m", window: None, rows });
        assert_eq!(on(Some(&bad)), Some(Fault::CutText));
        assert_eq!(on(Some(&good)), Some(Fault::AfterWrite(Box::new(Fault::Reset))));
        assert_eq!(on(None), None);
    }

    #[test]
    fn a_fault_comes_before_or_after_the_write() {
        assert_eq!(Fault::Reset.parts(), (&Fault::Reset, false));
        assert_eq!(Fault::lost_answer().parts(), (&Fault::Reset, true));
        assert_eq!(Fault::CutText.parts(), (&Fault::CutText, true));
        let before = Fault::kinds().iter().filter(|kind| !kind.parts().1).count();
        assert_eq!(before, 9 + 4 + 5 + 2, "refusals, empty bodies, HTML, bomb and reset");
    }
}
