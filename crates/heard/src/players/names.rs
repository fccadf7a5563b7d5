//! Names as players tell them, made fit to be kept.

/// A name that says something, as it was told. A NUL is what a player left where a text of its memory ended; no name has
/// one, and services and files refuse what has.
pub(super) fn name(told: &str) -> Option<String> {
    let name: String = if told.contains('\0') { told.replace('\0', "") } else { told.to_owned() };
    (!name.trim().is_empty()).then_some(name)
}

/// Several names as one, each once: with `, ` between them, in the order in which they are told. Services take one name
/// for a listen's artists, most players write it so themselves, and `heard split` can tell the artists apart again;
/// taking the first alone would lose the others for ever.
pub(super) fn joined<'a>(told: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let mut names: Vec<String> = Vec::new();
    for name in told.into_iter().filter_map(name) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    (!names.is_empty()).then(|| names.join(", "))
}

/// A MusicBrainz id, in lower case. What is none is no id, whatever the tag is called in which it stood.
pub(super) fn mbid(told: &str) -> Option<String> {
    let id = told.trim().to_lowercase();
    let parts: Vec<&str> = id.split('-').collect();
    let is_one = parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12])
        && parts.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    is_one.then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_as_told_or_is_none() {
        for (told, kept) in [
            ("Mira Vale", Some("Mira Vale")),
            (" Mira ", Some(" Mira ")),
            ("宇多田", Some("宇多田")),
            ("\u{1b}[2J\u{202e}", Some("\u{1b}[2J\u{202e}")),
            ("Mi\0ra\0", Some("Mira")),
            ("\0\0", None),
            (" \t\u{3000}", None),
            ("", None),
        ] {
            assert_eq!(name(told).as_deref(), kept, "{told:?}");
        }
        let long = "x".repeat(31_000);
        assert_eq!(name(&long), Some(long));
    }

    #[test]
    fn an_id_is_one_or_none() {
        let id = "0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9";
        for (told, kept) in [
            (id, Some(id)),
            (" 0A1B2C3D-4E5F-6071-8293-A4B5C6D7E8F9\n", Some(id)),
            ("0a1b2c3d4e5f60718293a4b5c6d7e8f9", None),
            ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8fg", None),
            ("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9-", None),
            ("", None),
            ("----", None),
            ("ü0a1b2c-4e5f-6071-8293-a4b5c6d7e8f9", None),
        ] {
            assert_eq!(mbid(told).as_deref(), kept, "{told:?}");
        }
    }

    #[test]
    fn several_names_are_one() {
        for (told, kept) in [
            (&["Mira Vale"][..], Some("Mira Vale")),
            (&["Mira Vale", "Iron Coast"], Some("Mira Vale, Iron Coast")),
            (&["B", "A", "B"], Some("B, A")),
            (&["", "A", "\0", " "], Some("A")),
            (&["A, B", "C"], Some("A, B, C")),
            (&["", " "], None),
            (&[], None),
        ] {
            assert_eq!(joined(told.iter().copied()).as_deref(), kept, "{told:?}");
        }
    }
}
