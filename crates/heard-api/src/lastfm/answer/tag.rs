//! Tags, and the weeks of charts.

use serde::{Deserialize, Serialize};

use crate::wire;

/// A tag as a row of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tag {
    /// The word.
    pub name: String,
    /// The page.
    #[serde(default, with = "wire::text")]
    pub url: Option<String>,
    /// The weight: 0 to 100 for tags of an artist, album or track; how often the user gave it in `user.getTopTags`; how
    /// often anybody did in `tag.getTopTags`.
    #[serde(default, with = "wire::number", skip_serializing_if = "Option::is_none")]
    pub count: Option<u64>,
    /// How many people gave it.
    #[serde(default, with = "wire::number", skip_serializing_if = "Option::is_none")]
    pub reach: Option<u64>,
    /// How often it was given (`chart.getTopTags`).
    #[serde(default, with = "wire::digits", skip_serializing_if = "Option::is_none")]
    pub taggings: Option<u64>,
}

/// The week of a chart, Unix seconds. Weeks begin at noon UTC, the first on 2005-02-13, and the end of one is the
/// beginning of the next (`user.getWeeklyChartList/pylast_user_charts_0.xml`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ChartSpan {
    /// The first second.
    #[serde(deserialize_with = "crate::lenient::required_number", serialize_with = "wire::as_text")]
    pub from: i64,
    /// The first second that no longer belongs to it.
    #[serde(deserialize_with = "crate::lenient::required_number", serialize_with = "wire::as_text")]
    pub to: i64,
}
