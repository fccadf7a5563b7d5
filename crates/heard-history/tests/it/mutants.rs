//! Faults that were planted into collecting by hand, one at a time, and the test that fails for each.
//!
//! Whoever changes the algorithm should plant them again: a test that lets one live proves nothing.

/// The planted fault, where it is planted, and the tests of which at least the first fails with it.
const PLANTED: [(&str, &str, &[&str]); 11] = [
    (
        "the boundary second is claimed unread",
        "normalise::lastfm::closed_by",
        &[
            "claims::a_full_page_does_not_claim_its_last_second",
            "lives::the_store_is_right_through_a_life_without_faults",
        ],
    ),
    (
        "multiplicity is ignored",
        "store::register::compare",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    (
        "a dense second is read once",
        "collect::listing::Listing::read",
        &["directed::a_dense_second_that_moves_between_its_pages_is_read_again"],
    ),
    (
        "rows are inserted or ignored, never replaced",
        "store::apply",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    (
        "the oldest reading of a second wins",
        "store::apply",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    ("coverage is kept before the answer", "collect::walk", &["stops::a_stopped_run_goes_on_where_it_was"]),
    (
        "the walk begins at the newest second known",
        "collect::plan::stretches",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    ("pages are numbered", "collect::walk", &["lives::the_store_is_right_through_a_life_without_faults"]),
    (
        "no window for late plays",
        "collect::plan::LATE",
        &["years::late_plays_are_found_by_the_next_run_and_the_rest_within_a_month"],
    ),
    (
        "some hours of grace instead of the run's mark",
        "collect::plan::stretches",
        &["directed::two_runs_close_together_both_find_what_is_new"],
    ),
    (
        "the run's mark is lost when it is stopped",
        "collect::Collecting::begin",
        &["stops::a_stopped_run_goes_on_where_it_was"],
    ),
];

#[test]
fn every_planted_fault_names_tests_that_exist() {
    let sources = [
        ("claims", include_str!("claims.rs")),
        ("directed", include_str!("directed.rs")),
        ("lives", include_str!("lives.rs")),
        ("stops", include_str!("stops.rs")),
        ("years", include_str!("years.rs")),
    ];
    for (fault, place, tests) in PLANTED {
        assert!(!place.is_empty() && !tests.is_empty(), "{fault}");
        for test in tests {
            let (module, function) = test.split_once("::").unwrap();
            let source = sources.iter().find(|(name, _)| *name == module).map(|(_, source)| source);
            assert!(source.is_some_and(|source| source.contains(&format!("fn {function}()"))), "{fault}: {test}");
        }
    }
}
