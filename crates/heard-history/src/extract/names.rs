//! Names of files that stand for names of anything.

use crate::archive::digest;

/// A name that is safe in every folder, and tells the name that it stands for: letters, digits, hyphens, underscores and
/// inner spaces stand for themselves, every other byte is `%XX`. One that would be too long is cut, and ends in `~` and
/// the beginning of the name's SHA-256.
///
/// ```
/// use heard_history::extract::file_name;
///
/// assert_eq!(file_name("AC/DC", 100), "AC%2FDC");
/// assert_eq!(file_name("..", 100), "%2E%2E");
/// assert_eq!(file_name("Sigur Rós", 100), "Sigur Rós");
/// ```
#[must_use]
pub fn file_name(name: &str, longest: usize) -> String {
    let mut written = String::with_capacity(name.len());
    let mut cut = 0;
    let room = longest.saturating_sub(17);
    for (at, c) in name.char_indices() {
        let inner = at > 0 && at + c.len_utf8() < name.len();
        if c.is_alphanumeric() || matches!(c, '-' | '_') || (c == ' ' && inner) {
            written.push(c);
        } else {
            let mut bytes = [0; 4];
            for byte in c.encode_utf8(&mut bytes).bytes() {
                written.push('%');
                written.extend(hex(byte));
            }
        }
        if written.len() <= room {
            cut = written.len();
        }
    }
    if written.len() > longest {
        let digest = digest(name.as_bytes());
        written.truncate(cut);
        written.push('~');
        written.push_str(digest.get(..16).unwrap_or(&digest));
    }
    if written.is_empty() { "%".to_owned() } else { written }
}

fn hex(byte: u8) -> [char; 2] {
    [byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The name that a file's name stands for.
    fn told(file: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = file;
        while let Some((before, from)) = rest.split_once('%') {
            bytes.extend_from_slice(before.as_bytes());
            bytes.push(u8::from_str_radix(&from[..2], 16).unwrap());
            rest = &from[2..];
        }
        bytes.extend_from_slice(rest.as_bytes());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn names_come_back_and_lead_nowhere() {
        for name in [
            "a",
            "AC/DC",
            "..",
            ".",
            "../../etc/passwd",
            "C:\\x",
            "what?",
            "1+1",
            "100%",
            "%2F",
            " lead",
            "trail ",
            "a b",
            "宇多田ヒカル",
            "👩‍🚀",
            "a\0b",
            "-rf",
            "~",
            "a\u{202e}b",
            "con.",
            "*",
            "new\nline",
        ] {
            let file = file_name(name, 200);
            assert_eq!(told(&file), name, "{file}");
            assert!(
                !file.contains(['/', '\\', '.', '\0', '\n', ':']) && !file.starts_with(' ') && !file.ends_with(' ')
            );
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let (one, other) = ("é/".repeat(300) + "a", "é/".repeat(300) + "b");
        let names = [&one, &other].map(|name| file_name(name, 150));
        assert_ne!(names[0], names[1]);
        for name in names {
            assert!(name.len() <= 150, "{}", name.len());
            let (kept, digest) = name.split_once('~').unwrap();
            assert!(one.starts_with(&told(kept)) && digest.len() == 16, "{name}");
        }
        assert_eq!(file_name(&"x".repeat(150), 150).len(), 150);
    }
}
