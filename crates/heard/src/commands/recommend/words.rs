//! Suggestions in words.

use heard_history::recommend::{Reason, Suggestion, Why};

use crate::print::{day, several};

/// What is suggested, and of which kind: `Mira Vale – Tidewater  [unheard]`.
pub(super) fn called(row: &Suggestion) -> String {
    let name = match row.name.title() {
        None => row.name.artist().to_owned(),
        Some(title) => format!("{} – {title}", row.name.artist()),
    };
    format!("{name}  [{}]", row.why.name())
}

/// Everything that speaks for a suggestion.
pub(super) fn sentence(row: &Suggestion) -> String {
    let similar: Vec<String> = row.reasons.iter().filter_map(likeness).collect();
    let mut parts = Vec::new();
    if !similar.is_empty() {
        parts.push(format!("similar to {}", listed(&similar)));
    }
    parts.extend(row.reasons.iter().filter_map(words));
    if row.why == Why::Unheard {
        parts.push("you have never played it".to_owned());
    }
    parts.join("; ")
}

fn likeness(reason: &Reason) -> Option<String> {
    match reason {
        Reason::Similar { to, likeness, .. } => Some(format!("{} {likeness:.2}", to.title().unwrap_or(to.artist()))),
        _ => None,
    }
}

fn words(reason: &Reason) -> Option<String> {
    Some(match reason {
        // Several of these are told together.
        Reason::Similar { .. } => return None,
        Reason::Top { artist, place, plays: 0 } => format!("number {place} of {artist}, who is like what you play"),
        Reason::Top { artist, place, plays } => {
            format!("number {place} of {artist}, of whom you have {}", several(*plays, "play"))
        }
        Reason::Genres(genres) => format!("shares {}", listed(genres)),
        Reason::Silent { plays, last_at, days } => {
            let day = day(*last_at);
            format!("{}, the last on {day}, {} ago", several(*plays, "play"), several(*days, "day"))
        }
        Reason::Interval { usual_days, days } => {
            let usual = if *usual_days == 1 { "day".to_owned() } else { several(u64::from(*usual_days), "day") };
            format!("you usually hear it every {usual}, and now not for {}", several(*days, "day"))
        }
        Reason::OnlyTrack { track, plays, of } => {
            let of = of.map(|tracks| format!(" of its {}", several(tracks, "track"))).unwrap_or_default();
            format!("you know only \"{track}\"{of}, with {}", several(*plays, "play"))
        }
        Reason::Liked => "you like it".to_owned(),
    })
}

/// `a`, `a and b`, `a, b and c`.
fn listed<T: AsRef<str>>(texts: &[T]) -> String {
    match texts.split_last() {
        Some((last, [])) => last.as_ref().to_owned(),
        Some((last, before)) => {
            let before: Vec<&str> = before.iter().map(AsRef::as_ref).collect();
            format!("{} and {}", before.join(", "), last.as_ref())
        }
        None => String::new(),
    }
}

/// A part of a score that no rounding error of a machine shows in.
pub(super) fn rounded(number: f64) -> f64 {
    (number * 10_000.0).round() / 10_000.0
}

/// Plays for people who read CSV.
pub(super) fn listeners(row: &Suggestion) -> String {
    row.listeners.map(|listeners| listeners.to_string()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use heard_history::rules::Name;

    use super::*;

    fn suggestion(why: Why, reasons: Vec<Reason>) -> Suggestion {
        let name = Name::Artist { artist: "Ada".to_owned() };
        Suggestion { name, why, score: 1.0, reasons, listeners: None, length_ms: None }
    }

    fn similar(artist: &str, likeness: f64) -> Reason {
        Reason::Similar { to: Name::Artist { artist: artist.to_owned() }, likeness, plays: 9 }
    }

    #[test]
    fn reasons_read_as_one_sentence() {
        let of = |why, reasons| sentence(&suggestion(why, reasons));
        let genres = Reason::Genres(vec!["trip hop"]);
        assert_eq!(
            of(Why::Unheard, vec![similar("Bo", 0.834), similar("Cy", 0.7), genres]),
            "similar to Bo 0.83 and Cy 0.70; shares trip hop; you have never played it"
        );
        assert_eq!(
            of(Why::Forgotten, vec![Reason::Liked, Reason::Silent { plays: 1_200, last_at: 1_600_000_000, days: 800 }]),
            "you like it; 1,200 plays, the last on 2020-09-13, 800 days ago"
        );
        assert_eq!(
            of(Why::Overdue, vec![Reason::Interval { usual_days: 1, days: 30 }]),
            "you usually hear it every day, and now not for 30 days"
        );
        let only = |of| Reason::OnlyTrack { track: "One".to_owned(), plays: 1, of };
        assert_eq!(of(Why::OneTrack, vec![only(Some(9))]), "you know only \"One\" of its 9 tracks, with 1 play");
        assert_eq!(of(Why::OneTrack, vec![only(None)]), "you know only \"One\", with 1 play");
        let top = |plays| Reason::Top { artist: "Bo".to_owned(), place: 2, plays };
        assert_eq!(
            of(Why::Unheard, vec![top(0)]),
            "number 2 of Bo, who is like what you play; you have never played it"
        );
        assert_eq!(of(Why::Forgotten, vec![top(1)]), "number 2 of Bo, of whom you have 1 play");
    }

    #[test]
    fn names_tell_the_artist_and_the_title() {
        let track = Name::Track { artist: "Ada".to_owned(), title: "One".to_owned() };
        let row = Suggestion { name: track, ..suggestion(Why::Overdue, Vec::new()) };
        assert_eq!((called(&row).as_str(), sentence(&row).as_str()), ("Ada – One  [overdue]", ""));
        assert_eq!(listed(&["a", "b", "c"].map(str::to_owned)), "a, b and c");
    }
}
