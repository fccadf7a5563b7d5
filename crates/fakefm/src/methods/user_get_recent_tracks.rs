//! `user.getRecentTracks`: the list of scrobbles, by pages and windows.

use crate::{
    account::{Account, Entry, Glitch, Stretch},
    answer::{Answer, Refusal},
    call::{Call, Format},
    catalogue::SongText,
    json,
    random::Random,
    rules::{BeyondEnd, OverLimit, Rules, SingleRow},
    xml,
};

/// The greatest page number that the service takes (fixture `_errors/quoted_06_page_bounds_2015.json`).
const PAGE_MAX: u32 = 1_000_000;
const DEFAULT_LIMIT: u32 = 50;
const YEAR: i64 = 365 * 86_400;

/// What is asked of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Question {
    pub(crate) from: Option<i64>,
    pub(crate) to: Option<i64>,
    pub(crate) page: u32,
    pub(crate) limit: u32,
    pub(crate) extended: bool,
}

impl Question {
    /// Reads the parameters by the rules of the service.
    pub(crate) fn of(call: &Call, rules: &Rules) -> Result<Self, Refusal> {
        let page = call.number("page").unwrap_or(Some(0)).unwrap_or(1);
        if !(1..=PAGE_MAX).contains(&page) {
            return Err(Refusal::out_of_bounds("page", PAGE_MAX));
        }
        let limit = call.number("limit").unwrap_or(Some(0)).unwrap_or(DEFAULT_LIMIT.min(rules.page_max));
        let limit = match rules.over_limit {
            OverLimit::Clamp if limit > rules.page_max => rules.page_max,
            _ if !(1..=rules.page_max).contains(&limit) => {
                return Err(Refusal::out_of_bounds("limit", rules.page_max));
            }
            _ => limit,
        };
        let bound = |name| call.number(name).map_err(|_| Refusal::missing_parameter());
        Ok(Self { from: bound("from")?, to: bound("to")?, page, limit, extended: call.get("extended") == Some("1") })
    }

    /// Which seconds the window holds. A window with any bound holds no undated scrobble.
    pub(crate) fn stretch(&self, rules: &Rules) -> Stretch {
        if self.from.is_none() && self.to.is_none() {
            return None;
        }
        let first = |from: i64| {
            if rules.from_inclusive { from } else { from.saturating_add(1) }
        };
        let end = |to: i64| {
            if rules.to_inclusive { to.saturating_add(1) } else { to }
        };
        Some((self.from.map_or(1, first), self.to.map_or(i64::MAX, end)))
    }
}

/// One page, ready to be written.
#[derive(Debug, Clone)]
pub(crate) struct Page<'a> {
    pub(crate) user: &'a str,
    pub(crate) page: u32,
    pub(crate) per_page: u32,
    pub(crate) total: usize,
    pub(crate) extended: bool,
    pub(crate) single_as_object: bool,
    pub(crate) now_playing: Option<SongText<'a>>,
    /// Newest first; the second of each before its song.
    pub(crate) rows: Vec<(i64, SongText<'a>)>,
}

impl Page<'_> {
    pub(crate) fn total_pages(&self) -> usize {
        self.total.div_ceil(self.per_page as usize)
    }
}

/// Answers `question` from `account`; `nth` is the number of the request and `now` the world's second.
pub(crate) fn answer(
    account: &mut Account,
    question: Question,
    rules: &Rules,
    format: Format,
    (nth, now): (u64, i64),
) -> Result<Answer, Refusal> {
    let glitch = account.take_glitch();
    let (total, entries) = seen(account, question, rules, glitch, now);
    if question.page > 1 && question.page as usize > total.div_ceil(question.limit as usize) {
        match rules.beyond_end {
            BeyondEnd::Refuse => return Err(Refusal::no_such_page()),
            BeyondEnd::Empty => {}
        }
    }
    let page = Page {
        user: account.name(),
        page: question.page,
        per_page: question.limit,
        total,
        extended: question.extended,
        single_as_object: single_as_object(rules.single_row, nth),
        now_playing: account.now_playing(),
        rows: entries.iter().rev().map(|entry| (entry.uts, account.text(entry))).collect(),
    };
    let body = match format {
        Format::Json => json::recent_tracks(&page),
        Format::Xml => xml::recent_tracks(&page),
    };
    Ok(Answer::good(format, body, page.rows.len()))
}

/// The total and the page's entries, as far as a glitch lets them be seen.
fn seen<'a>(
    account: &'a Account,
    question: Question,
    rules: &Rules,
    glitch: Option<Glitch>,
    now: i64,
) -> (usize, &'a [Entry]) {
    let stretch = question.stretch(rules);
    let page = u64::from(question.page);
    match glitch {
        None => account.page(stretch, page, question.limit),
        Some(Glitch::TotalZero) => (0, &[]),
        Some(Glitch::EmptyPage) => (account.page(stretch, page, question.limit).0, &[]),
        Some(Glitch::HideYears(years)) => {
            let hidden_from = now.saturating_sub(i64::from(years) * YEAR);
            account.page_before(stretch, hidden_from, page, question.limit)
        }
    }
}

fn single_as_object(rule: SingleRow, nth: u64) -> bool {
    match rule {
        SingleRow::List => false,
        SingleRow::Object => true,
        SingleRow::BySeed(seed) => Random::of_request(seed, nth).chance(0.5),
    }
}

#[cfg(test)]
mod tests {
    use super::Question;
    use crate::{
        call::Call,
        rules::{OverLimit, Rules},
    };

    fn asked(query: &str, rules: &Rules) -> Result<Question, String> {
        Question::of(&Call::new(query, b""), rules).map_err(|refusal| refusal.message)
    }

    #[test]
    fn parameters_are_read_by_the_rules() {
        let rules = Rules::default();
        let plain = Question { from: None, to: None, page: 1, limit: 50, extended: false };
        assert_eq!(asked("", &rules), Ok(plain));
        let all = asked("from=5&to=9&page=2&limit=1000&extended=1", &rules);
        assert_eq!(all, Ok(Question { from: Some(5), to: Some(9), page: 2, limit: 1000, extended: true }));
        for wrong in ["page=0", "page=-1", "page=x", "page=1000001"] {
            assert_eq!(asked(wrong, &rules), Err("page param out of bounds (1-1000000)".into()), "{wrong}");
        }
        for wrong in ["limit=0", "limit=1001", "limit=x"] {
            assert_eq!(asked(wrong, &rules), Err("limit param out of bounds (1-1000)".into()), "{wrong}");
        }
        assert!(asked("from=soon", &rules).is_err());
        let clamping = Rules { over_limit: OverLimit::Clamp, page_max: 200, ..rules };
        assert_eq!(asked("limit=1000", &clamping).map(|q| q.limit), Ok(200));
        assert!(asked("limit=0", &clamping).is_err());
    }

    #[test]
    fn bounds_are_in_or_out_as_the_rules_have_it() {
        let question = |query| asked(query, &Rules::default()).unwrap();
        let with = |from_inclusive, to_inclusive| Rules { from_inclusive, to_inclusive, ..Rules::default() };
        assert_eq!(question("").stretch(&with(true, true)), None);
        let both = question("from=5&to=9");
        assert_eq!(both.stretch(&with(true, true)), Some((5, 10)));
        assert_eq!(both.stretch(&with(false, false)), Some((6, 9)));
        assert_eq!(question("to=9").stretch(&with(true, true)), Some((1, 10)));
        assert_eq!(question("from=5").stretch(&with(false, true)), Some((6, i64::MAX)));
    }
}
