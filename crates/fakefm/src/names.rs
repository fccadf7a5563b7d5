//! Invented names in many scripts, and some that hurt careless readers.

use crate::random::Random;

const ONSETS: &[&str] = &[
    "b", "br", "c", "d", "dr", "f", "g", "gl", "h", "k", "l", "m", "n", "p", "pr", "r", "s", "sh", "st", "t", "tr",
    "v", "w", "z",
];
const VOWELS: &[&str] = &["a", "e", "i", "o", "u", "ai", "ea", "oo"];
const CODAS: &[&str] = &["", "", "", "n", "r", "s", "l", "m", "th", "x"];
const ACCENTED: &[&str] = &["á", "é", "ï", "ö", "ů", "å", "ø", "ñ", "ç", "ő", "ł", "š"];
const CYRILLIC: &[&str] = &["ба", "ве", "го", "ди", "жу", "за", "ки", "ло", "мы", "ню", "ря", "сё", "тю", "ча", "ща"];
const KANA: &[&str] =
    &["か", "さ", "た", "な", "は", "ま", "や", "ら", "わ", "き", "し", "ち", "に", "ひ", "み", "り", "ん"];
const EMOJI: &[&str] = &["🌙", "🔥", "👩‍🚀", "🇮🇸", "✨", "🫧", "❤️"];
const ENDINGS: &[&str] = &["Band", "Trio", "Collective", "Orchestra", "Club", "Sisters", "Machine", "Quartet"];
const EXTRAS: &[&str] = &[
    "(Live)",
    "- Remastered 2009",
    "[Deluxe Edition]",
    "(feat. Someone Else)",
    "Pt. 2",
    "/ Interlude",
    "(100%)",
    "+ more",
    "& So On",
];

/// Invents one name. About one in four is not plain Latin, and about one in forty is awkward.
pub(crate) fn invent(random: &mut Random) -> String {
    let plain = latin(random);
    match random.below(120) {
        0..=5 => plain.chars().map(|c| if c.is_ascii() && random.chance(0.3) { accent(random) } else { c }).collect(),
        6..=11 => capitalised(&pieces(random, CYRILLIC)),
        12..=16 => hangul(random),
        17..=21 => ideographs(random),
        22..=25 => pieces(random, KANA),
        26..=28 => format!("{plain} {}", random.pick(EMOJI)),
        29..=31 => awkward(&plain, random),
        _ => plain,
    }
}

/// Invents the name of an artist.
pub(crate) fn invent_artist(random: &mut Random) -> String {
    let name = invent(random);
    match random.below(10) {
        0 => format!("The {name}"),
        1 => format!("{name} {}", random.pick(ENDINGS)),
        2 => format!("{name} & {}", latin(random)),
        _ => name,
    }
}

/// Invents the name of a track or album, which more often bears an addition.
pub(crate) fn invent_title(random: &mut Random) -> String {
    let name = invent(random);
    if random.chance(0.12) { format!("{name} {}", random.pick(EXTRAS)) } else { name }
}

/// Invents a MusicBrainz id: a random UUID of version 4.
pub(crate) fn invent_mbid(random: &mut Random) -> String {
    let (high, low) = (random.next(), random.next());
    format!(
        "{:08x}-{:04x}-4{:03x}-{:04x}-{:012x}",
        high >> 32,
        (high >> 16) & 0xffff,
        high & 0xfff,
        0x8000 | ((low >> 48) & 0x3fff),
        low & 0xffff_ffff_ffff
    )
}

fn latin(random: &mut Random) -> String {
    let words = 1 + random.below(3);
    let words: Vec<_> = (0..words)
        .map(|_| {
            let syllables = 1 + random.below(3);
            let syllable = |random: &mut Random| format!("{}{}", random.pick(ONSETS), random.pick(VOWELS));
            let stem: String = (0..syllables).map(|_| syllable(random)).collect();
            capitalised(&format!("{stem}{}", random.pick(CODAS)))
        })
        .collect();
    words.join(" ")
}

fn pieces(random: &mut Random, from: &[&str]) -> String {
    (0..2 + random.below(4)).map(|_| *random.pick(from)).collect()
}

fn accent(random: &mut Random) -> char {
    random.pick(ACCENTED).chars().next().unwrap_or('é')
}

fn capitalised(word: &str) -> String {
    let mut rest = word.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

fn hangul(random: &mut Random) -> String {
    from_range(random, 0xAC00, 11_172)
}

fn ideographs(random: &mut Random) -> String {
    from_range(random, 0x4E00, 6_000)
}

/// Some characters of a block of `count` assigned ones that starts at `first`.
fn from_range(random: &mut Random, first: u32, count: usize) -> String {
    let length = 2 + random.below(4);
    (0..length).filter_map(|_| char::from_u32(first + random.below(count) as u32)).collect()
}

/// Names that break shells, spreadsheets, pages, paths and narrow columns.
fn awkward(plain: &str, random: &mut Random) -> String {
    match random.below(14) {
        0 => format!("=SUM({plain})"),
        1 => format!("\"{plain}\""),
        2 => format!("{plain}'s \\ \"quoted\""),
        3 => format!("<b>{plain}</b> &amp; co"),
        4 => format!("../{plain}/.."),
        5 => format!("{plain}, {plain}; {plain}\t{plain}"),
        6 => format!("{} {plain}", format!("{plain} ").repeat(1 + 250 / (plain.len() + 1))),
        7 => format!("@{plain}"),
        8 => format!("-{plain}+{plain}%20"),
        9 => format!("{plain} e\u{301}\u{200d}"),
        10 => format!("\u{202e}{plain}\u{202c}"),
        11 => format!("{plain}\u{10}"),
        12 => plain.to_uppercase(),
        _ => random.below(2000).to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::{invent, invent_artist, invent_mbid, invent_title};
    use crate::random::Random;

    #[test]
    fn names_are_never_empty_and_of_many_scripts() {
        let mut random = Random::new(11);
        let names: Vec<_> = (0..20_000).map(|_| invent(&mut random)).collect();
        assert!(names.iter().all(|name| !name.trim().is_empty() && name.len() < 1024));
        for (what, test) in [
            ("Hangul", (|c| ('가'..='힣').contains(&c)) as fn(char) -> bool),
            ("Han", |c| ('\u{4e00}'..='\u{9fff}').contains(&c)),
            ("Cyrillic", |c| ('а'..='я').contains(&c)),
            ("kana", |c| ('ぁ'..='ん').contains(&c)),
            ("accent", |c| c == 'ö'),
            ("emoji", |c| c == '🌙'),
            ("control", |c| c == '\u{10}'),
        ] {
            assert!(names.iter().any(|name| name.chars().any(test)), "{what}");
        }
        assert!(names.iter().any(|name| name.starts_with('=')));
        assert!(names.iter().any(|name| name.contains('"')));
        assert!(names.iter().any(|name| name.len() > 200));
    }

    #[test]
    fn ids_look_like_uuids_and_names_repeat_with_their_seed() {
        let mut random = Random::new(5);
        for _ in 0..100 {
            let id = invent_mbid(&mut random);
            let lengths: Vec<_> = id.split('-').map(str::len).collect();
            assert_eq!(lengths, [8, 4, 4, 4, 12], "{id}");
            assert!(id[14..].starts_with('4') && "89ab".contains(&id[19..20]), "{id}");
        }
        let both = |seed| {
            let mut random = Random::new(seed);
            (invent_artist(&mut random), invent_title(&mut random))
        };
        assert_eq!(both(1), both(1));
    }
}
