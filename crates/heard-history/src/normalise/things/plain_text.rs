//! From the little HTML in texts about artists to plain text.

/// The words under the link at the end of every summary (`artist.getInfo/docs_without_user_parameter.json`).
const READ_MORE: &str = "Read more on Last.fm";

/// A text without its markup: tags are left out, entities are the characters that they stand for, and white space is one
/// space, but for empty lines between paragraphs.
///
/// ```
/// use heard_history::normalise::things::plain;
///
/// assert_eq!(plain("A <b>band</b> of\n three &amp; more. <a href=\"x\">Read more on Last.fm</a>"), "A band of three & more.");
/// ```
#[must_use]
pub fn plain(html: &str) -> String {
    let text = entities(&without_tags(html));
    let paragraphs = text.split("\n\n").map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    let text = paragraphs.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n");
    text.strip_suffix(&format!("{READ_MORE}."))
        .or_else(|| text.strip_suffix(READ_MORE))
        .unwrap_or(&text)
        .trim_end()
        .to_owned()
}

/// A `<` begins a tag only where the name of one follows and a `>` ends it.
fn without_tags(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, from)) = rest.split_once('<') {
        text.push_str(before);
        let is_tag = from.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match from.split_once('>') {
            Some((tag, after)) if is_tag => {
                text.push_str(if is_break(tag) { "\n\n" } else { "" });
                rest = after;
            }
            _ => {
                text.push('<');
                rest = from;
            }
        }
    }
    text + rest
}

/// Whether a tag stands between two paragraphs.
fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('/').split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    ["p", "br", "div", "li", "ul", "ol"].iter().any(|breaking| name.eq_ignore_ascii_case(breaking))
}

/// The longest name of an entity that is looked for.
const LONGEST: usize = 10;

fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, from)) = rest.split_once('&') {
        out.push_str(before);
        let end = from.bytes().take(LONGEST).position(|byte| byte == b';');
        match end.and_then(|end| Some((entity(&from[..end])?, &from[end + 1..]))) {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => {
                out.push('&');
                rest = from;
            }
        }
    }
    out + rest
}

fn entity(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => ' ',
        "ndash" => '–',
        "mdash" => '—',
        "hellip" => '…',
        _ => return numbered(name.strip_prefix('#')?),
    })
}

fn numbered(digits: &str) -> Option<char> {
    let code = match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
        None => digits.parse().ok()?,
    };
    char::from_u32(code).filter(|c| *c != '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_goes_and_words_stay() {
        for (html, text) in [
            ("", ""),
            ("plain", "plain"),
            ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
            ("a <3 b", "a <3 b"),
            ("<script>alert('x')</script>", "alert('x')"),
            ("cut off <a href=\"", "cut off <a href=\""),
            ("one<br/>two<P>three</p>", "one\n\ntwo\n\nthree"),
            ("  many \n  blanks ", "many blanks"),
            (
                "&lt;b&gt; &amp;amp; &quot;q&quot; &#39;&#x27;&#65; &nbsp;&unknown; & &;",
                "<b> &amp; \"q\" ''A &unknown; & &;",
            ),
            ("&#0;&#xFFFFFFFF;&#-1;", "&#0;&#xFFFFFFFF;&#-1;"),
            ("Good. <a href=\"https://www.last.fm/music/x\">Read more on Last.fm</a>.", "Good."),
            ("Read more on Last.fm and elsewhere", "Read more on Last.fm and elsewhere"),
            ("Ünï <i>çødé</i> 👩‍🚀", "Ünï çødé 👩‍🚀"),
        ] {
            assert_eq!(plain(html), text, "{html:?}");
        }
    }
}
