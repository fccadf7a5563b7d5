//! A year in review as a page.

use std::fmt::{self, Write as _};

use heard_history::stats::{By, Milestone, Ranked, Ranking, Wrapped};

use super::card::{names, title};
use super::figures::figures;
use super::words::{Fact, compared, facts, milestone_words, plays};
use crate::chart::{ChartError, Escaped, Measure, NOTHING, Theme, named};

/// How the page looks; colours follow from the theme's variables.
const STYLE: &str = include_str!("wrapped.css");

/// One HTML document: numbers, the most heard with their change since the period before, months, days and hours as
/// pictures with their own text, and milestones. `listener` says whose it is; it may be empty. The document is
/// well-formed XML, too. Weeks begin `week_start` days after Monday.
///
/// Equal input makes equal bytes.
///
/// # Errors
/// [`ChartError`] when a picture cannot be drawn.
pub fn wrapped_page(found: &Wrapped, listener: &str, week_start: u8) -> Result<String, ChartError> {
    let mut page = String::new();
    write(found, listener, &figures_of(found, week_start)?, &mut page).expect("a String takes every text");
    Ok(page)
}

/// Each picture in both themes, of which the page shows one.
fn figures_of(found: &Wrapped, week_start: u8) -> Result<String, ChartError> {
    if found.numbers.plays == 0 {
        return Ok(String::new());
    }
    let (light, dark) = (figures(found, week_start, Theme::Light)?, figures(found, week_start, Theme::Dark)?);
    let both = light.iter().zip(&dark);
    let figure = |(light, dark)| {
        format!("<figure><div class=\"light\">\n{light}</div><div class=\"dark\">\n{dark}</div></figure>\n")
    };
    Ok(both.map(figure).collect())
}

fn write(found: &Wrapped, listener: &str, figures: &str, page: &mut String) -> fmt::Result {
    let title = title(found);
    let whose = if listener.is_empty() { String::new() } else { format!(" – {}", named(listener)) };
    let (light, dark) = (Variables(Theme::Light), Variables(Theme::Dark));
    write!(
        page,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n\
         <meta name=\"color-scheme\" content=\"light dark\"/>\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\"/>\n\
         <title>{}{}</title>\n<style>\n:root {{ {light} }}\n\
         @media (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n{STYLE}</style>\n</head>\n<body>\n<main>\n",
        Escaped(&title),
        Escaped(&whose),
    )?;
    head(found, &title, listener, page)?;
    if found.numbers.plays > 0 {
        body(found, figures, page)?;
    }
    page.write_str("</main>\n</body>\n</html>\n")
}

/// A theme's colours as variables of a style sheet.
struct Variables(Theme);

impl fmt::Display for Variables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let palette = self.0.palette();
        write!(f, "--ground: {}; --ink: {}; --quiet: {}; ", palette.ground, palette.ink, palette.quiet)?;
        write!(f, "--bar: {}; --rule: {}; --tile: {};", palette.bar, palette.rule, palette.tile)
    }
}

fn head(found: &Wrapped, title: &str, listener: &str, page: &mut String) -> fmt::Result {
    writeln!(page, "<header>\n<h1>{}</h1>", Escaped(title))?;
    if !listener.is_empty() {
        writeln!(page, "<p class=\"quiet\">{}</p>", Name(listener))?;
    }
    if found.numbers.plays == 0 {
        writeln!(page, "<p>{NOTHING}</p>")?;
    } else {
        writeln!(page, "<p class=\"number\">{}</p>", plays(found.numbers.plays))?;
    }
    if let Some(compared) = compared(found) {
        writeln!(page, "<p class=\"quiet\">{}</p>", Escaped(&compared))?;
    }
    page.write_str("</header>\n")
}

fn body(found: &Wrapped, figures: &str, page: &mut String) -> fmt::Result {
    page.write_str("<dl class=\"facts\">\n")?;
    // The first of them is the large number above.
    facts(found).iter().skip(1).try_for_each(|fact| tile(fact, page))?;
    page.write_str("</dl>\n<div class=\"lists\">\n")?;
    for (heading, ranking) in
        [("Top artists", &found.artists), ("Top albums", &found.albums), ("Top tracks", &found.tracks)]
    {
        list(heading, ranking, found, page)?;
    }
    write!(page, "</div>\n<div class=\"figures\">\n{figures}</div>\n")?;
    milestones(&found.milestones, page)
}

fn tile(fact: &Fact, page: &mut String) -> fmt::Result {
    let detail = Escaped(&fact.detail);
    writeln!(
        page,
        "<div><dt>{}</dt><dd>{}<span class=\"quiet\">{detail}</span></dd></div>",
        fact.label,
        Name(&fact.value)
    )
}

fn list(heading: &str, ranking: &Ranking, found: &Wrapped, page: &mut String) -> fmt::Result {
    if ranking.rows.is_empty() {
        return Ok(());
    }
    writeln!(page, "<section>\n<h2>{heading}</h2>\n<ol>")?;
    for row in &ranking.rows {
        place(row, found, page)?;
    }
    page.write_str("</ol>\n</section>\n")
}

fn place(row: &Ranked, found: &Wrapped, page: &mut String) -> fmt::Result {
    let (name, of) = names(row);
    write!(page, "<li><span class=\"name\">{}", Name(&name))?;
    if let Some(of) = of {
        write!(page, "<span class=\"quiet\">{}</span>", Name(&of))?;
    }
    let amount = match found.by {
        By::Plays => plays(row.plays),
        By::Time => Measure::Time.text(row.ms_played),
    };
    write!(page, "</span><span class=\"quiet\">{amount}")?;
    if let Some((change, before)) = row.change.zip(found.before.as_ref()) {
        write!(page, " <span title=\"since {}\">{change}</span>", Escaped(&before.period.to_string()))?;
    }
    page.write_str("</span></li>\n")
}

fn milestones(found: &[Milestone], page: &mut String) -> fmt::Result {
    if found.is_empty() {
        return Ok(());
    }
    writeln!(page, "<section>\n<h2>Milestones</h2>\n<ul class=\"milestones\">")?;
    for milestone in found {
        let (what, detail) = milestone_words(milestone);
        let day = milestone.day;
        writeln!(
            page,
            "<li><time datetime=\"{day}\">{day}</time> {} <span class=\"quiet\">{}</span></li>",
            Name(&what),
            Name(&detail)
        )?;
    }
    page.write_str("</ul>\n</section>\n")
}

/// A name that came from outside: legible, text and nothing else, and turning nothing around it.
struct Name<'a>(&'a str);

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<bdi>{}</bdi>", Escaped(&named(self.0)))
    }
}
