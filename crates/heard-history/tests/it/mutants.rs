//! Faults that were planted into collecting by hand, one at a time, and the test that fails for each.
//!
//! Whoever changes the algorithm should plant them again: a test that lets one live proves nothing.

/// The planted fault, where it is planted, and the tests of which at least the first fails with it.
const PLANTED: [(&str, &str, &[&str]); 12] = [
    (
        "the boundary second is claimed unread",
        "normalise::page::closed_by",
        &["claims::a_full_page_does_not_claim_its_last_second"],
    ),
    ("multiplicity is ignored", "facts::Listing::keep", &["lives::the_store_is_right_through_a_life_without_faults"]),
    (
        "a dense second is read once",
        "collect::listing::Listing::read",
        &["directed::a_dense_second_that_moves_between_its_pages_is_read_again"],
    ),
    (
        "rows are inserted or ignored, never replaced",
        "store::apply::Applier::read_again",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    (
        "the oldest reading of a second wins",
        "store::apply::Applier::read",
        &["lives::the_store_is_right_through_a_life_without_faults"],
    ),
    ("coverage is kept before the answer", "collect::walk::Walk::walk", &["stops::a_stopped_run_goes_on_where_it_was"]),
    (
        "the walk begins at the newest second known",
        "collect::plan::stretches",
        &["directed::a_hole_in_the_past_is_read_as_a_hole"],
    ),
    ("pages are numbered", "collect::walk::Walk::walk", &["lives::the_store_is_right_through_a_life_without_faults"]),
    ("no window for late plays", "collect::plan::LATE", &["directed::late_plays_are_found_where_counts_show_nothing"]),
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
    (
        "the undated plays are read from their own page on, not from the row before",
        "collect::listing::Listing::read_once",
        &["directed::counts_of_different_moments_do_not_lose_an_undated_play"],
    ),
];

#[test]
fn every_planted_fault_names_tests_that_exist() {
    let sources = [
        ("claims", include_str!("claims.rs")),
        ("directed", include_str!("directed.rs")),
        ("lives", include_str!("lives.rs")),
        ("stops", include_str!("stops.rs")),
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
