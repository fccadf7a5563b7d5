//! What the answers about artists, albums and tracks are made of.

use crate::{
    answer::{Answer, Refusal},
    lore::made_up_tags,
    methods::Turn,
    pictures,
    random::Random,
    rules::{EmptyList, SingleRow},
    tree::{self, Element, Member, branch, leaf, number},
    web,
};

/// Rows of a list that is asked for without a number.
const DEFAULT_LIMIT: usize = 50;

impl Turn<'_> {
    /// The artist who is asked about: whom the id means, if one is given, otherwise the one of this name.
    pub(super) fn artist(&self) -> Result<String, Refusal> {
        let lore = &self.world.lore;
        match self.call.get("mbid") {
            Some(mbid) => lore.by_mbid(mbid).map(ToOwned::to_owned).ok_or_else(no_artist),
            None => Ok(lore.shown(self.required("artist")?).to_owned()),
        }
    }

    /// Whether anybody has played or told of an artist.
    pub(super) fn is_known(&mut self, artist: &str) -> bool {
        self.world.lore.artist(artist).is_some() || self.world.tally().artist(artist).is_some()
    }

    /// The tags of an artist, the most frequent first: those that were told, and made-up ones where none were told of
    /// anybody.
    pub(super) fn tags_of(&self, artist: &str) -> Vec<String> {
        match self.world.lore.artist(artist) {
            Some(told) => told.tags.clone(),
            None if self.world.lore.artists().next().is_some() => Vec::new(),
            None => made_up_tags(artist),
        }
    }

    /// Tags as rows with their weights, from 100 down.
    pub(super) fn tag_rows(&self, tags: &[String], weighted: bool) -> Vec<Element> {
        let row = |(nth, tag): (usize, &String)| {
            let mut members: Vec<Member> = Vec::new();
            if weighted {
                let weight = (100_u64 / (nth as u64 + 1)).max(1);
                members.push(self.count("count", weight).into());
            }
            members.push(leaf("name", tag).into());
            members.push(leaf("url", format!("https://www.last.fm/tag/{}", web::segment(tag))).into());
            branch("tag", members)
        };
        tags.iter().enumerate().map(row).collect()
    }

    /// A number that the service writes as such now, and as a text in former times.
    pub(super) fn count(&self, name: &'static str, count: u64) -> Element {
        if self.rules.counts_as_text { leaf(name, count.to_string()) } else { number(name, count) }
    }

    /// Rows of a list, as the rules have it where there is one or none.
    pub(super) fn rows(&self, name: &'static str, mut rows: Vec<Element>) -> Member {
        let single = match self.rules.single_row {
            SingleRow::List => false,
            SingleRow::Object => true,
            SingleRow::BySeed(seed) => Random::of_request(seed, self.nth).chance(0.5),
        };
        match rows.len() {
            0 if self.rules.empty_list == EmptyList::Blank => leaf("#text", "\n").into(),
            1 if single => rows.remove(0).into(),
            _ => Member::Many(name, rows),
        }
    }

    /// A list with the words about it.
    pub(super) fn list(
        &self,
        outer: &'static str,
        row: &'static str,
        rows: Vec<Element>,
        about: &[(&'static str, &str)],
    ) -> Answer {
        let count = rows.len();
        let blank = rows.is_empty() && self.rules.empty_list == EmptyList::Blank;
        let mut members = vec![self.rows(row, rows)];
        // Old answers have the words beside the blank text, not in an object of their own.
        if blank {
            members.extend(about.iter().map(|(name, value)| leaf(name, *value).into()));
        }
        let list = branch(outer, members);
        let list = if blank { list } else { about.iter().fold(list, |list, (name, value)| list.with(name, *value)) };
        Answer { rows: count, ..tree::answer(self.format, Some(list)) }
    }

    /// An album's cover in four sizes, where it is told to lie.
    pub(super) fn cover(&self, file: &str) -> Member {
        let lore = &self.world.lore;
        let image = |(size, folder): (&str, &str)| {
            leaf("image", pictures::address(lore.pictures.as_deref(), lore.cover(file), folder, file))
                .with("size", size)
        };
        Member::Many("image", web::SIZES.map(image).into())
    }

    /// One page of a longer list, with the words about it.
    pub(super) fn page<T>(
        &self,
        outer: &'static str,
        row: &'static str,
        all: &[T],
        element: impl FnMut((usize, &T)) -> Element,
        about: &[(&'static str, &str)],
    ) -> Result<Answer, Refusal> {
        let number = |name, default: usize, max: usize| match self.call.number::<usize>(name) {
            Ok(number) if (1..=max).contains(&number.unwrap_or(default)) => Ok(number.unwrap_or(default)),
            _ => Err(Refusal::out_of_bounds(name, u32::try_from(max).unwrap_or(u32::MAX))),
        };
        let (page, limit) =
            (number("page", 1, 1_000_000)?, number("limit", DEFAULT_LIMIT, 1_000)?.min(self.rules.list_max));
        let rows: Vec<_> = all.iter().enumerate().skip((page - 1) * limit).take(limit).map(element).collect();
        let words = [page.to_string(), limit.to_string(), all.len().div_ceil(limit).to_string(), all.len().to_string()];
        let [page, limit, pages, total] = words.each_ref().map(String::as_str);
        let paging = [("page", page), ("perPage", limit), ("totalPages", pages), ("total", total)];
        Ok(self.list(outer, row, rows, &[about, &paging].concat()))
    }
}

/// Nobody of this name (fixture `artist.getInfo/docs_an_artist_that_doesnt_exist.json`).
pub(super) fn no_artist() -> Refusal {
    Refusal::new(6, 200, "The artist you supplied could not be found")
}

/// An artist beside an album or a track.
pub(super) fn by(artist: &str, mbid: &str) -> Member {
    let url = format!("https://www.last.fm/music/{}", web::segment(artist));
    branch("artist", vec![leaf("name", artist).into(), leaf("mbid", mbid).into(), leaf("url", url).into()]).into()
}

/// The place in a ranking.
pub(super) fn ranked(element: Element, nth: usize) -> Element {
    element.with("rank", (nth + 1).to_string())
}

/// Pictures in four sizes.
pub(super) fn images(file: &str) -> Member {
    let image =
        |(size, folder): (&str, &str)| leaf("image", pictures::address(None, None, folder, file)).with("size", size);
    Member::Many("image", web::SIZES.map(image).into())
}

/// A text as people write it, with markup and the link at its end (fixture
/// `artist.getInfo/docs_without_user_parameter.json`).
pub(super) fn text(name: &'static str, about: &str) -> Member {
    let link = format!("<a href=\"https://www.last.fm/music/{}\">Read more on Last.fm</a>", web::segment(about));
    let words = format!("{about} is <b>made up</b> &amp; plays on &lt;loopback&gt;. {link}");
    let members = vec![
        leaf("published", "09 Jan 2011, 12:41").into(),
        leaf("summary", words.clone()).into(),
        leaf("content", words).into(),
    ];
    branch(name, members).into()
}
