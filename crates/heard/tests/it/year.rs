//! A year in review: as text, as data, as a card and as a page.

use std::fs;

use serde_json::json;

use crate::commands::remembered;
use crate::home::Home;
use crate::plot::heard_of;

#[test]
fn what_a_year_in_review_prints() {
    let home = heard_of();
    for (name, words) in [
        ("wrapped", &["wrapped", "2023"][..]),
        ("wrapped_json", &["wrapped", "2023", "--json"]),
        ("wrapped_csv", &["wrapped", "2023", "--csv"]),
        ("wrapped_first_year", &["wrapped", "2022"]),
        ("wrapped_by_time", &["wrapped", "2024", "--by", "time", "--zone", "Asia/Kathmandu"]),
        ("wrapped_of_an_artist", &["wrapped", "2023", "--artist", "mira"]),
        ("wrapped_of_nothing", &["wrapped", "1999"]),
        ("wrapped_of_nothing_json", &["wrapped", "9998", "--json"]),
    ] {
        remembered(&home, name, &home.run(words));
    }
}

#[test]
fn the_card_is_the_one_that_plot_draws() {
    let home = heard_of();
    for ending in ["svg", "png"] {
        let (one, other) = (home.beside(&format!("one.{ending}")), home.beside(&format!("other.{ending}")));
        let more = ["--by", "time", "--theme", "dark"];
        home.run(&[&["wrapped", "2023", "-o", one.to_str().unwrap()], &more[..]].concat()).good();
        home.run(&[&["plot", "wrapped", "2023", "-o", other.to_str().unwrap()], &more[..]].concat()).good();
        let bytes = fs::read(&one).unwrap();
        assert_eq!(bytes, fs::read(&other).unwrap(), "{ending}");
        if ending == "png" {
            assert_eq!(bytes[16..24], [1080_u32.to_be_bytes(), 1920_u32.to_be_bytes()].concat());
        }
    }
}

#[test]
fn the_page_is_written_as_a_whole() {
    let home = heard_of();
    let path = home.beside("year.html");
    let said = home.run(&["wrapped", "2023", "-o", path.to_str().unwrap(), "--listener", "me"]).good();
    assert!(said.stdout.is_empty() && said.stderr.contains("year.html written"), "{said}");
    let page = fs::read_to_string(&path).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>") && page.ends_with("</html>\n"));
    assert!(page.contains("<title>2023 in music – me</title>") && page.contains("宵待ラジオ"));
    assert!(!page.contains("<b>") && !page.contains('\u{202e}') && !page.contains("<script"));
    assert!(page.contains("&lt;b&gt;Bold&lt;/b&gt;"), "the discovery");
}

#[test]
fn no_file_is_written_of_nothing() {
    let home = heard_of();
    for (ending, year) in [("html", "1999"), ("svg", "2021"), ("png", "9998")] {
        let path = home.beside(&format!("nothing.{ending}"));
        let said = home.run(&["wrapped", year, "-o", path.to_str().unwrap()]).good();
        assert!(said.stderr.contains("No plays count here.\nNo file is written of nothing."), "{said}");
        assert!(!path.exists() && said.stdout.is_empty(), "{said}");
    }
    let said = home.run(&["wrapped", "2023", "--artist", "mira vael"]).good();
    assert!(said.stderr.contains("perhaps: Mira Vale") && said.stdout.is_empty(), "{said}");
}

#[test]
fn what_cannot_be_written_is_refused_before_anything_is_asked() {
    let home = Home::new();
    for wrong in ["year", "year.pdf", "year.htm", ".html"] {
        let sentence = format!("{wrong} ends neither in .html nor in .svg nor in .png");
        home.run(&["wrapped", "-o", wrong]).refused(2, &sentence, "-o ");
    }
    home.run(&["plot", "clock", "-o", "year.html"]).refused(2, "ends neither in .svg nor in .png", "-o 'year.svg'");
    home.run(&["wrapped"]).refused(65, "there is no history", "heard import");
    for wrong in ["0", "9999", "-1", "year"] {
        assert_eq!(home.run(&["wrapped", wrong]).code(), 2, "{wrong}");
    }
    let home = heard_of();
    let nowhere = home.beside("nowhere").join("year.html");
    home.run(&["wrapped", "2023", "-o", nowhere.to_str().unwrap()]).refused(74, "nowhere", "mkdir -p");
    let font = home.beside("none.ttf");
    let words = ["wrapped", "2023", "-o", "story.png", "--font", font.to_str().unwrap()];
    home.run(&words).refused(65, "none.ttf", "leave --font out");
    assert!(!home.beside("story.png").exists());
}

#[test]
fn without_a_year_it_is_the_last_one_that_is_over() {
    let home = heard_of();
    let last = home.run(&["wrapped"]).good();
    assert_eq!(last.stdout, home.run(&["wrapped", "2024"]).good().stdout);
    assert!(last.stderr.contains("2024 in music"), "{last}");
    let only = home.run(&["wrapped", "--json", "--recent", "1"]).good().json();
    assert_eq!((&only["plays"], &only["period"]), (&json!(1), &json!("2024")));
    assert_eq!((&only["before"], &only["longest_streak"]["days"]), (&json!(null), &json!(1)));
}
