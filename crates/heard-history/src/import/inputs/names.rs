//! Names of files: which are litter, which a zip may not bear, and how they are shown.

use std::fmt::Write as _;
use std::path::Path;

/// Longest name of a member; longer than any file system gives.
const LONGEST: usize = 4096;

/// The name of a path for people: as it is, but for bytes that are no text, and characters that act on a terminal or turn
/// the text around.
pub(super) fn shown(path: &Path) -> String {
    let mut name = String::new();
    for part in path.as_os_str().as_encoded_bytes().utf8_chunks() {
        show(part.valid(), &mut name);
        for byte in part.invalid() {
            // Writing to a string cannot fail.
            let _ = write!(name, "\\x{byte:02X}");
        }
    }
    name
}

/// The name of a member for people.
pub(super) fn of_member(zip: &str, member: &str) -> String {
    let mut name = format!("{zip}/");
    show(member, &mut name);
    name
}

fn show(text: &str, name: &mut String) {
    for character in text.chars() {
        match character {
            '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
                name.extend(character.escape_unicode());
            }
            control if control.is_control() => name.extend(control.escape_default()),
            other => name.push(other),
        }
    }
}

/// Whether a file or folder that was found is passed over: hidden, or litter of a file manager.
pub(super) fn is_litter(name: &str) -> bool {
    name == "__MACOSX" || (name.starts_with('.') && name != ".scrobbler.log")
}

/// Whether a member is passed over. Where someone wrote the strokes between folders the other way, a name is not honest,
/// and that is said of it.
pub(super) fn is_litter_below(member: &str) -> bool {
    member.split(['/', '\\']).any(|part| is_litter(part) && !matches!(part, "." | ".."))
}

/// Whether a member's name is that of a file in a folder: relative, without steps upwards, the same on every system.
pub(super) fn is_honest(member: &str) -> bool {
    let has_drive =
        member.as_bytes().get(1) == Some(&b':') && member.starts_with(|first: char| first.is_ascii_alphabetic());
    let is_step = |part: &str| matches!(part, "" | "." | "..");
    !has_drive && !member.contains(['\\', '\0']) && member.len() <= LONGEST && !member.split('/').any(is_step)
}
