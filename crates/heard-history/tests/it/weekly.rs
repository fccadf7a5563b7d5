//! A service's weekly chart beside ours: every difference has its cause, and the causes add up.

use fastrand::Rng;
use heard_history::listen::Span;
use heard_history::rules::Name;
use heard_history::store::{ChartReport, Names, ToldChart};
use heard_history::weekly::{Cause, ComparedRow, compare_chart};

use crate::seeds;

/// Shorter plays do not count, in milliseconds.
const LEAST: i64 = 30_000;

fn artist(artist: &str) -> Name {
    Name::Artist { artist: artist.to_owned() }
}

fn names(artist: &str) -> Names {
    Names { artist: artist.to_owned(), album: None, track: "Tide".to_owned() }
}

/// A report of the account that is a play under the same name.
fn report(play: i64, artist: &str) -> ChartReport {
    ChartReport {
        of_account: true,
        reported: names(artist),
        shown: vec![names(artist)],
        play,
        is_gone: false,
        is_hidden: false,
        ms_played: None,
    }
}

fn chart(rows: &[(&str, u64)]) -> ToldChart {
    ToldChart {
        service: "lastfm".to_owned(),
        account: "ann".to_owned(),
        kind: "artist",
        span: Span::new(0, 604_800),
        told_at: 700_000,
        rows: rows.iter().map(|(name, plays)| (artist(name), *plays)).collect(),
    }
}

fn row(name: &str, told: (Option<usize>, u64), ours: u64, causes: &[(Cause, i64)]) -> ComparedRow {
    ComparedRow { name: artist(name), rank: told.0, theirs: told.1, ours, causes: causes.to_vec() }
}

#[test]
fn each_difference_has_its_cause() {
    let reports = [
        report(1, "Ada"),
        report(2, "ADA"),
        ChartReport { ms_played: Some(LEAST - 1), ..report(3, "Ada") },
        ChartReport { ms_played: Some(LEAST), ..report(4, "Ada") },
        ChartReport { is_hidden: true, ..report(5, "Ada") },
        ChartReport { is_gone: true, ..report(6, "Ada") },
        ChartReport { shown: vec![names("Bo")], ..report(7, "Bo (live)") },
        report(8, "Cy"),
        report(8, "Cy"),
        ChartReport { of_account: false, ..report(9, "Cy") },
    ];
    let compared = compare_chart(&chart(&[("Ada", 6), ("Cy", 2), ("Bo (live)", 1), ("Di", 3)]), &reports, &[], LEAST);
    let expected = [
        row("Ada", (Some(1), 6), 3, &[(Cause::Short, 1), (Cause::Hidden, 1), (Cause::Gone, 1)]),
        row("Cy", (Some(2), 2), 2, &[(Cause::OnePlay, 1), (Cause::OtherSource, -1)]),
        row("Bo (live)", (Some(3), 1), 0, &[(Cause::ShownAsOther, 1)]),
        row("Di", (Some(4), 3), 0, &[(Cause::Unexplained, 3)]),
        row("Bo", (None, 0), 1, &[(Cause::ToldAsOther, -1)]),
    ];
    assert_eq!(compared.rows, expected);
    assert_eq!((compared.theirs, compared.ours, compared.agreeing), (12, 6, 1));
}

#[test]
fn what_is_gone_explains_no_more_than_there_is() {
    let gone = |play| ChartReport { is_gone: true, ..report(play, "Ada") };
    let reports = [report(1, "Ada"), gone(2), gone(3)];
    let causes = |theirs| compare_chart(&chart(&[("Ada", theirs)]), &reports, &[], LEAST).rows[0].causes.clone();
    assert_eq!(causes(1), [], "the chart was made after they had gone");
    assert_eq!(causes(2), [(Cause::Gone, 1)]);
    assert_eq!(causes(5), [(Cause::Gone, 2), (Cause::Unexplained, 2)]);
    let with_undated = compare_chart(&chart(&[("Ada", 5)]), &reports, &[names("ada"), names("Bo")], LEAST);
    let causes = [(Cause::Gone, 2), (Cause::Undated, 1), (Cause::Unexplained, 1)];
    assert_eq!(with_undated.rows, [row("Ada", (Some(1), 5), 1, &causes)], "whom no side counts has no row");
}

#[test]
fn a_split_name_counts_for_each_artist() {
    let split = ChartReport { shown: vec![names("Ada"), names("Bo")], ..report(1, "Ada & Bo") };
    let compared = compare_chart(&chart(&[("Ada & Bo", 1)]), &[split], &[], LEAST);
    let expected = [
        row("Ada & Bo", (Some(1), 1), 0, &[(Cause::ShownAsOther, 1)]),
        row("Ada", (None, 0), 1, &[(Cause::ToldAsOther, -1)]),
        row("Bo", (None, 0), 1, &[(Cause::ToldAsOther, -1)]),
    ];
    assert_eq!(compared.rows, expected);
}

#[test]
fn albums_need_a_title_and_an_empty_chart_is_one() {
    let told = ToldChart { kind: "album", ..chart(&[]) };
    let with = |album: Option<&str>| {
        let names = Names { album: album.map(str::to_owned), ..names("Ada") };
        ChartReport { reported: names.clone(), shown: vec![names], ..report(1, "Ada") }
    };
    let ours = |report: ChartReport| compare_chart(&told, &[report], &[], LEAST).rows.len();
    assert_eq!([ours(with(None)), ours(with(Some(""))), ours(with(Some("Tides")))], [0, 0, 1]);
    let nothing = compare_chart(&chart(&[]), &[], &[], LEAST);
    assert_eq!((nothing.rows.len(), nothing.theirs, nothing.ours, nothing.agreeing), (0, 0, 0, 0));
}

/// Whatever was told: the causes of a row add up to its difference, and our plays are those of the live reports.
#[test]
fn causes_add_up() {
    const NAMES: [&str; 6] = ["Ada", "ada ", "Bo", "\u{202e}Cy", "=1+1", "東京"];
    seeds::each(300, |seed| {
        let mut random = Rng::with_seed(seed);
        let some = |random: &mut Rng| NAMES[random.usize(0..NAMES.len())];
        let reports: Vec<ChartReport> = (0..random.usize(0..40))
            .map(|_| ChartReport {
                of_account: random.bool(),
                shown: (0..random.usize(1..3)).map(|_| names(some(&mut random))).collect(),
                is_gone: random.u8(0..5) == 0,
                is_hidden: random.u8(0..5) == 0,
                ms_played: [None, Some(1), Some(LEAST)][random.usize(0..3)],
                ..report(random.i64(0..30), some(&mut random))
            })
            .collect();
        let told: Vec<(&str, u64)> = (0..random.usize(0..8)).map(|_| (some(&mut random), random.u64(0..9))).collect();
        let undated: Vec<Names> = (0..random.usize(0..4)).map(|_| names(some(&mut random))).collect();
        let compared = compare_chart(&chart(&told), &reports, &undated, LEAST);
        for row in &compared.rows {
            let sum: i64 = row.causes.iter().map(|(_, plays)| plays).sum();
            assert_eq!(sum, i64::try_from(row.theirs).unwrap() - i64::try_from(row.ours).unwrap(), "{row:?}");
            assert!(row.causes.iter().all(|(_, plays)| *plays != 0), "{row:?}");
        }
        assert_eq!(compared.theirs, told.iter().map(|(_, plays)| plays).sum::<u64>());
        let ranks: Vec<usize> = compared.rows.iter().filter_map(|row| row.rank).collect();
        assert!(ranks.is_sorted(), "{ranks:?}");
    });
}
