//! Signatures against a published vector and against an independent reading of the rule.

use heard_api::{Secret, sign};
use proptest::prelude::*;

use crate::seed::cases;

#[test]
fn the_published_vector() {
    // The example of the community's documentation of auth.getSession.
    let params = [
        ("method", "auth.getSession"),
        ("token", "YOUR_REQUESTED_TOKEN"),
        ("api_key", "YOUR_API_KEY"),
        ("format", "json"),
    ];
    let secret = Secret::new("YOUR_SECRET");
    let signature = sign::api_sig(params, &secret);
    assert_eq!(signature, "94539006de89b3c6b3c030bb1e52b9c4");
    assert!(sign::check(params, &secret, "94539006DE89B3C6B3C030BB1E52B9C4"));
    assert!(!sign::check(params, &secret, "94539006DE89B3C6B3C030BB1E52B9C5"));
    assert!(!sign::check(params, &secret, ""));
    assert!(!sign::check(params, &secret, "94539006de89b3c6b3c030bb1e52b9c4 "));
}

/// The text that is digested is seen through the digest of one long parameter that holds the same text:
/// two requests whose sorted texts are equal have equal signatures.
fn same_text(params: &[(&str, &str)], text: &str) {
    let whole = sign::api_sig([("", text)], &Secret::new(""));
    assert_eq!(sign::api_sig(params.iter().copied(), &Secret::new("S")), whole, "{text}");
}

#[test]
fn names_sort_by_bytes() {
    same_text(
        &[("artist[1]", "b"), ("artist[10]", "c"), ("artist[0]", "a"), ("Artist", "z"), ("albumArtist", "y")],
        "ArtistzalbumArtistyartist[0]aartist[10]cartist[1]bS",
    );
}

#[test]
fn values_are_raw() {
    same_text(&[("b", "+&=#% %2B"), ("a", "é日本語😀\u{10FFFD}\u{0}")], "aé日本語😀\u{10FFFD}\u{0}b+&=#% %2BS");
}

#[test]
fn three_names_take_no_part() {
    same_text(&[("format", "json"), ("callback", "f"), ("api_sig", "x"), ("formats", "1")], "formats1S");
}

#[test]
fn a_batch_of_fifty_sorts_like_its_names() {
    let names: Vec<String> =
        (0..50).flat_map(|i| ["artist", "track", "timestamp"].map(|name| format!("{name}[{i}]"))).collect();
    let params: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "v")).collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(sorted[1], "artist[10]");
    let text: String = sorted.iter().map(|name| format!("{name}v")).chain(["S".to_owned()]).collect();
    same_text(&params, &text);
}

proptest! {
    #![proptest_config(cases(256))]

    #[test]
    fn the_order_of_setting_does_not_matter(
        mut params in prop::collection::btree_map("[a-z_\\[\\]0-9]{1,9}", any::<String>(), 0..60)
            .prop_map(|map| map.into_iter().collect::<Vec<_>>()),
        secret in any::<String>(),
    ) {
        let secret = Secret::new(secret);
        let pairs = |params: &[(String, String)]| {
            sign::api_sig(params.iter().map(|(name, value)| (name.as_str(), value.as_str())), &secret)
        };
        let forward = pairs(&params);
        params.reverse();
        prop_assert_eq!(forward, pairs(&params));
    }
}
