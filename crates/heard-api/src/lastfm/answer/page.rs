//! Lists, whole or by pages.

use std::collections::BTreeMap;

/// A list that comes whole.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct List<T> {
    /// What the list is about.
    pub about: About,
    /// The rows, in the service's order.
    pub items: Vec<T>,
}

/// One page of a list.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Page<T> {
    /// What the list is about.
    pub about: About,
    /// Where the page stands.
    pub paging: Paging,
    /// What plays now: no listen, in no total, and on every page (`user.getRecentTracks/swift_sample.json`).
    pub playing: Option<T>,
    /// The rows, in the service's order.
    pub items: Vec<T>,
}

/// Where a page stands in its list. GNU FM leaves much of it out, and then the page is the whole list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paging {
    /// The page's number, from 1; before 2015 also 0 for the first (`user.getTopAlbums/inflatable_Multiple.json`).
    pub page: Option<u64>,
    /// Rows per page, as asked for.
    pub per_page: Option<u64>,
    /// The number of pages.
    pub total_pages: Option<u64>,
    /// The number of rows.
    pub total: Option<u64>,
}

/// What a list is about, in the service's words: `user`, `artist`, `tag`, `country`, `from` … with the names as the
/// service spells them, which may differ from those asked for in case or by a correction.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About(BTreeMap<String, String>);

impl About {
    /// What a word stands for; none for an empty text.
    #[must_use]
    pub fn get(&self, word: &str) -> Option<&str> {
        self.0.get(word).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// The user whose list it is. Rarely it is not the one asked for.
    #[must_use]
    pub fn user(&self) -> Option<&str> {
        self.get("user")
    }

    /// Words and what they stand for, by the words' order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(word, text)| (word.as_str(), text.as_str()))
    }
}

/// Of words given twice the first stays.
impl FromIterator<(String, String)> for About {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(words: I) -> Self {
        let mut about = Self::default();
        for (word, text) in words {
            about.0.entry(word).or_insert(text);
        }
        about
    }
}

impl<T> Page<T> {
    /// The number of the page that follows, if the service says that there is one.
    ///
    /// Lists end where the service says, not where a page is empty: a page beyond the end is a refusal for some
    /// methods (`_errors/quoted_06_no_such_page.json`), and an account without listens has 0 pages.
    #[must_use]
    pub fn next(&self) -> Option<u64> {
        let page = self.paging.page.unwrap_or(1).max(1);
        self.paging.total_pages.filter(|total| page < *total).map(|_| page + 1)
    }

    /// The same page with every row changed.
    pub(crate) fn map<U>(self, change: impl Fn(T) -> U) -> Page<U> {
        Page {
            about: self.about,
            paging: self.paging,
            playing: self.playing.map(&change),
            items: self.items.into_iter().map(change).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_end_where_the_service_says() {
        for (page, total_pages, next) in [
            (Some(1), Some(3), Some(2)),
            (Some(3), Some(3), None),
            (Some(1), Some(0), None),
            (Some(0), Some(3), Some(2)),
            (None, Some(2), Some(2)),
            (Some(1), None, None),
            (Some(u64::MAX), Some(u64::MAX), None),
        ] {
            let paging = Paging { page, total_pages, ..Paging::default() };
            let page = Page::<()> { paging, ..Page::default() };
            assert_eq!(page.next(), next, "{paging:?}");
        }
    }

    #[test]
    fn a_list_is_about_the_first_of_two_equal_words() {
        let words = [("user", "ann"), ("user", "bob"), ("tag", "")];
        let about: About = words.map(|(word, text)| (word.to_owned(), text.to_owned())).into_iter().collect();
        assert_eq!((about.user(), about.get("tag"), about.get("artist")), (Some("ann"), None, None));
        assert_eq!(about.iter().count(), 2);
    }
}
