//! Moments in every way that files write them, and zones.

use heard_history::facts::Resolution;
use heard_history::normalise::layout::Hints;
use heard_history::normalise::moments::{Moments, Pattern, Undecided};

use super::{BAD_TIME, brief, layout_with, left_out, plays, refusal, rows_of};

/// 2023-01-31T13:05:06Z.
const THEN: i64 = 1_675_170_306;

fn read(pattern: Pattern, text: &str) -> Option<(i64, Resolution)> {
    Moments::in_zone(None).read(pattern, text).map(|moment| (moment.second, moment.resolution))
}

#[test]
fn moments_are_read_in_every_spelling() {
    let second = Some((THEN, Resolution::Second));
    let minute = Some((THEN - 6, Resolution::Minute));
    let cases = [
        (Pattern::Seconds, "1675170306", second),
        (Pattern::Seconds, " 1675170306.75 ", second),
        (Pattern::Milliseconds, "1675170306999", second),
        (Pattern::YearMonthDay, "2023-01-31 13:05:06", second),
        (Pattern::YearMonthDay, "2023-01-31T13:05:06.123456Z", second),
        (Pattern::YearMonthDay, "2023/1/31 13:05", minute),
        (Pattern::YearMonthDay, "2023-01-31T14:05:06+01:00", second),
        (Pattern::YearMonthDay, "2023-01-31T08:05:06-0500", second),
        (Pattern::YearMonthDay, "2023-01-31 14:05:06 +01", second),
        (Pattern::YearMonthDay, "2023-01-31 13:05 UTC", minute),
        (Pattern::MonthName, "31 Jan 2023, 13:05", minute),
        (Pattern::MonthName, "31 Jan 2023 13:05:06", second),
        (Pattern::MonthName, "31 January 2023, 13:05", minute),
        (Pattern::MonthName, "Jan 31, 2023, 1:05:06 PM", second),
        (Pattern::DayMonthYear, "31/01/2023 13:05:06", second),
        (Pattern::DayMonthYear, "31.1.2023, 13:05", minute),
        (Pattern::MonthDayYear, "01/31/2023 1:05 PM", minute),
        (Pattern::MonthDayYear, "1/31/2023 01:05:06 pm", second),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(read(pattern, text), expected, "{text}");
    }
}

#[test]
fn what_is_no_moment_is_none() {
    let none = [
        (Pattern::Seconds, ""),
        (Pattern::Seconds, "-1"),
        (Pattern::Seconds, "+1675170306"),
        (Pattern::Seconds, "1.6E9"),
        (Pattern::Seconds, "253402300800"),
        (Pattern::Seconds, "99999999999999999999"),
        (Pattern::Milliseconds, "1675170306"),
        (Pattern::YearMonthDay, "2023-01-31"),
        (Pattern::YearMonthDay, "2023-02-30 13:05"),
        (Pattern::YearMonthDay, "2023-01/31 13:05"),
        (Pattern::YearMonthDay, "2023-01-31 24:00"),
        (Pattern::YearMonthDay, "2023-01-31 13:05:61"),
        (Pattern::YearMonthDay, "2023-01-31 13:05:06 morgens"),
        (Pattern::YearMonthDay, "2023-01-31 13:05+24:00"),
        (Pattern::YearMonthDay, "1969-12-31 23:59:59"),
        (Pattern::YearMonthDay, "1970-01-01T00:00:00+01:00"),
        (Pattern::YearMonthDay, "20230-01-31 13:05"),
        (Pattern::MonthName, "31 Ja 2023 13:05"),
        (Pattern::MonthName, "31 Mrz 2023 13:05"),
        (Pattern::MonthName, "31 Jan 2023"),
        (Pattern::MonthDayYear, "31/01/2023 13:05"),
        (Pattern::MonthDayYear, "01/31/2023 13:05 PM"),
    ];
    for (pattern, text) in none {
        assert_eq!(read(pattern, text), None, "{text}");
    }
    assert_eq!(read(Pattern::YearMonthDay, "9999-12-31T23:59:59Z"), Some((253_402_300_799, Resolution::Second)));
    assert_eq!(read(Pattern::Milliseconds, "0"), Some((0, Resolution::Second)), "undated in every unit");
}

#[test]
fn a_leap_second_is_the_next_one() {
    assert_eq!(read(Pattern::YearMonthDay, "2016-12-31T23:59:60Z"), Some((1_483_228_800, Resolution::Second)));
    assert_eq!(read(Pattern::YearMonthDay, "2016-12-31 23:59:60"), Some((1_483_228_800, Resolution::Second)));
}

#[test]
fn local_times_that_a_zone_has_twice_or_not_at_all_have_one_meaning() {
    let berlin = Moments::in_zone(Some("Europe/Berlin"));
    let at = |text| berlin.read(Pattern::YearMonthDay, text).map(|moment| moment.second);
    assert_eq!(at("2023-01-31 14:05:06"), Some(THEN));
    assert_eq!(at("2023-10-29 02:30:00"), Some(1_698_539_400), "the earlier of two: still summer time");
    assert_eq!(at("2023-03-26 02:30:00"), Some(1_679_794_200), "skipped: one hour later by the clock");
    assert_eq!(at("2023-01-31T13:05:06Z"), Some(THEN), "a zone of its own wins");
    assert_eq!(berlin.of_local_seconds(THEN + 3_600), Some(THEN));
    let nowhere = Moments::in_zone(Some("No/Such_Zone"));
    assert_eq!(nowhere.read(Pattern::YearMonthDay, "2023-01-31 14:05:06"), None);
    assert!(nowhere.read(Pattern::YearMonthDay, "2023-01-31T14:05:06Z").is_some());
    assert_eq!(nowhere.of_local_seconds(THEN), None);
}

#[test]
fn patterns_are_decided_by_the_whole_sample() {
    let decide = |values: &[&'static str]| Pattern::decide(values.iter().copied());
    assert_eq!(decide(&["01/02/2023 13:05", "13/02/2023 13:05"]), Ok(Pattern::DayMonthYear));
    assert_eq!(decide(&["01/02/2023 13:05", "", "02/13/2023 13:05"]), Ok(Pattern::MonthDayYear));
    assert_eq!(decide(&["01/02/2023 13:05", "12/12/2023 13:05"]), Err(Undecided::DayOrMonth));
    assert_eq!(decide(&["01.02.2023 13:05"]), Ok(Pattern::DayMonthYear), "points: the day is first");
    assert_eq!(decide(&["1675170306", "0", "x"]), Ok(Pattern::Seconds));
    assert_eq!(decide(&["1675170306000", "0"]), Ok(Pattern::Milliseconds));
    assert_eq!(decide(&["", " "]), Err(Undecided::Empty));
    assert_eq!(decide(&["2023-01-31", "gestern", "1675170306"]), Err(Undecided::NoMoments));
}

#[test]
fn a_file_is_read_in_the_zone_that_the_listener_names() {
    let text = "artist,track,date\nOdo,Weit,31/01/2023 14:05:06\nOdo,Hin,31/12/2023 14:05\n";
    let hints = Hints { zone: Some("Europe/Berlin".to_owned()), ..Hints::default() };
    let layout = layout_with("x.csv", text.as_bytes(), &hints).unwrap().unwrap();
    assert_eq!(layout.zone.as_deref(), Some("Europe/Berlin"));
    let read: Vec<String> = rows_of(&layout, text.as_bytes()).plays.iter().map(brief).collect();
    assert_eq!(read, ["1675170306 Odo|-|Weit", "1704027900 Odo|-|Hin"]);
    assert_eq!(plays("x.csv", text)[0], format!("{} Odo|-|Weit", THEN + 3_600), "UTC without one");
    let numbers = "artist,track,uts\nOdo,Weit,1675170306\n";
    let layout = layout_with("x.csv", numbers.as_bytes(), &hints).unwrap().unwrap();
    assert_eq!(layout.zone, None, "seconds need no zone");
    let wrong = Hints { zone: Some("Middle/Earth".to_owned()), ..Hints::default() };
    let refused = layout_with("x.csv", numbers.as_bytes(), &wrong).unwrap().unwrap_err();
    assert!(refused.contains("Middle/Earth"), "{refused}");
}

#[test]
fn days_and_months_are_never_guessed() {
    let text = "artist,track,date\nOdo,Weit,01/02/2023 14:05\nOdo,Hin,03/04/2023 14:05\n";
    let sentence = refusal("x.csv", text);
    assert!(sentence.contains("--columns time-day-first=3"), "{sentence}");
    let said = Hints { columns: vec![("time-month-first".to_owned(), "3".to_owned())], ..Hints::default() };
    let layout = layout_with("x.csv", text.as_bytes(), &said).unwrap().unwrap();
    assert_eq!(brief(&rows_of(&layout, text.as_bytes()).plays[0]), "1672668300 Odo|-|Weit");
}

#[test]
fn a_record_is_read_as_its_file_writes_and_no_other_way() {
    let day_first = "Odo,Weit,31/01/2023 14:05\n".repeat(2);
    let text = format!("artist,track,date\n{day_first}Odo,Hin,2023-01-31 14:05\nOdo,Her,1675170306\n");
    assert_eq!(left_out("x.csv", &text), [(2, BAD_TIME), (3, BAD_TIME)]);
}
