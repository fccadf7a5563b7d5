//! Covers: what the first bytes of a picture tell, and what the envelope of one says.

use super::NormaliseError;
use crate::archive::Head;
use crate::facts::{CoverAnswer, CoverOutcome, CoverReply, NoPicture, Picture, PictureForm};

/// The parameter of an envelope that names the address.
pub const ADDRESS: &str = "address";

/// What came with this HTTP status, media type and bytes, of which `sha256` is the digest.
#[must_use]
pub fn judge(status: u16, content_type: Option<&str>, bytes: &[u8], sha256: &str) -> CoverOutcome {
    if !(200..300).contains(&status) {
        return CoverOutcome::None(NoPicture::Missing);
    }
    match form(bytes).filter(|_| content_type.is_none_or(may_be_a_picture)) {
        Some(form) => {
            let (sha256, size) = (sha256.to_owned(), size(form, bytes));
            CoverOutcome::Kept(Picture { sha256, bytes: bytes.len() as u64, form, size })
        }
        None => CoverOutcome::None(NoPicture::NotAPicture),
    }
}

/// Reads an envelope.
pub(super) fn read(head: &Head<'_>, body: &[u8]) -> Result<CoverAnswer, NormaliseError> {
    let address = head.params.iter().find(|(name, _)| name == ADDRESS).ok_or(NormaliseError::Head)?.1.clone();
    let CoverReply { outcome, .. } = serde_json::from_slice(body)?;
    // The digest becomes a file's name, and an archive may come from elsewhere.
    if let CoverOutcome::Kept(picture) = &outcome
        && !is_digest(&picture.sha256)
    {
        return Err(NormaliseError::Head);
    }
    Ok(CoverAnswer { address, outcome })
}

/// Whether a text is a SHA-256 in lower-case hexadecimal.
#[must_use]
pub fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Some hosts say of every file that it is bytes.
fn may_be_a_picture(content_type: &str) -> bool {
    let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind.is_empty() || kind.starts_with("image/") || kind.ends_with("/octet-stream")
}

/// By the first bytes: JPEG (ISO/IEC 10918-1, B.1.1.3), PNG (W3C PNG, 5.2), GIF (GIF89a, 17), WebP (RFC 9649, 2.4).
fn form(bytes: &[u8]) -> Option<PictureForm> {
    match bytes {
        [0xff, 0xd8, 0xff, ..] => Some(PictureForm::Jpeg),
        [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Some(PictureForm::Png),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some(PictureForm::Gif),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(PictureForm::Webp),
        _ => None,
    }
}

/// Width and height, as the head tells them; none where it is cut or says that there are none.
fn size(form: PictureForm, bytes: &[u8]) -> Option<(u32, u32)> {
    let size = match form {
        PictureForm::Png => (big_endian(bytes, 16, 4)?, big_endian(bytes, 20, 4)?),
        PictureForm::Gif => (little_endian(bytes, 6, 2)?, little_endian(bytes, 8, 2)?),
        PictureForm::Jpeg => jpeg_size(bytes)?,
        PictureForm::Webp => webp_size(bytes)?,
    };
    Some(size).filter(|(width, height)| *width > 0 && *height > 0)
}

/// The frame header behind whatever segments come before it (ISO/IEC 10918-1, B.2.2).
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        // Any number of fill bytes may stand before a marker.
        while bytes.get(at) == Some(&0xff) && bytes.get(at + 1) == Some(&0xff) {
            at += 1;
        }
        let [0xff, marker] = *bytes.get(at..at + 2)? else { return None };
        match marker {
            0xc4 | 0xc8 | 0xcc => {}
            0xc0..=0xcf => return Some((big_endian(bytes, at + 7, 2)?, big_endian(bytes, at + 5, 2)?)),
            // The picture itself begins, or is over.
            0xd9 | 0xda => return None,
            _ => {}
        }
        let is_alone = matches!(marker, 0x01 | 0xd0..=0xd8);
        at += if is_alone { 2 } else { 2 + big_endian(bytes, at + 2, 2)? as usize };
    }
}

/// Lossy, lossless and extended files (RFC 9649, 2.5 to 2.7; the lossy key frame is RFC 6386, 9.1).
fn webp_size(bytes: &[u8]) -> Option<(u32, u32)> {
    match bytes.get(12..16)? {
        b"VP8 " => Some((little_endian(bytes, 26, 2)? & 0x3fff, little_endian(bytes, 28, 2)? & 0x3fff)),
        b"VP8L" => {
            let packed = little_endian(bytes, 21, 4)?;
            Some(((packed & 0x3fff) + 1, ((packed >> 14) & 0x3fff) + 1))
        }
        b"VP8X" => Some((little_endian(bytes, 24, 3)? + 1, little_endian(bytes, 27, 3)? + 1)),
        _ => None,
    }
}

fn big_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

fn little_endian(bytes: &[u8], at: usize, length: usize) -> Option<u32> {
    Some(bytes.get(at..at + length)?.iter().rev().fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The head of a picture: its first bytes, zeros up to a place, and more bytes there.
    fn head(first: &[u8], at: usize, then: &[u8]) -> Vec<u8> {
        let mut bytes = first.to_vec();
        bytes.resize(at.max(first.len()), 0);
        bytes.extend(then);
        bytes
    }

    fn kept(bytes: &[u8]) -> Option<(PictureForm, Option<(u32, u32)>)> {
        match judge(200, None, bytes, "d") {
            CoverOutcome::Kept(picture) => Some((picture.form, picture.size)),
            CoverOutcome::None(_) => None,
        }
    }

    #[test]
    fn pictures_tell_their_form_and_size() {
        let png = head(b"\x89PNG\r\n\x1a\n", 16, &[0, 0, 1, 44, 0, 0, 0, 200]);
        let gif = head(b"GIF89a", 6, &[44, 1, 200, 0]);
        // A comment, fill bytes, a table, and then the frame.
        let jpeg = [
            &[0xff, 0xd8, 0xff, 0xfe, 0, 4, 1, 2, 0xff, 0xff, 0xff, 0xc4, 0, 3, 9][..],
            &[0xff, 0xc2, 0, 17, 8, 0, 200, 1, 44],
        ]
        .concat();
        let lossy = head(b"RIFF\0\0\0\0WEBPVP8 ", 26, &[44, 1, 200, 0x40]);
        let packed: u32 = 299 | (199 << 14);
        let lossless = head(b"RIFF\0\0\0\0WEBPVP8L", 21, &packed.to_le_bytes());
        let extended = head(b"RIFF\0\0\0\0WEBPVP8X", 24, &[43, 1, 0, 199, 0, 0]);
        for (bytes, form) in [
            (png, PictureForm::Png),
            (gif, PictureForm::Gif),
            (jpeg, PictureForm::Jpeg),
            (lossy, PictureForm::Webp),
            (lossless, PictureForm::Webp),
            (extended, PictureForm::Webp),
        ] {
            assert_eq!(kept(&bytes), Some((form, Some((300, 200)))), "{form:?}");
            // Cut anywhere it still has its form, or is none; never a panic, never another size.
            for end in 0..bytes.len() {
                assert!(kept(&bytes[..end]).is_none_or(|(_, size)| size.is_none()), "{form:?} {end}");
            }
            assert_eq!(PictureForm::of_extension(form.extension()), Some(form));
        }
    }

    #[test]
    fn what_is_no_picture_is_none() {
        let png = head(b"\x89PNG\r\n\x1a\n", 16, &[0; 8]);
        let of = |status, content_type| judge(status, content_type, &png, "d");
        for content_type in
            [None, Some("image/png"), Some("IMAGE/JPEG; x=1"), Some("application/octet-stream"), Some("")]
        {
            assert!(
                matches!(of(200, content_type), CoverOutcome::Kept(Picture { size: None, .. })),
                "{content_type:?}"
            );
        }
        for content_type in ["text/html", "application/json; charset=utf-8", "imagine/png"] {
            assert_eq!(of(200, Some(content_type)), CoverOutcome::None(NoPicture::NotAPicture));
        }
        for status in [301, 304, 400, 403, 404, 410, 451] {
            assert_eq!(of(status, None), CoverOutcome::None(NoPicture::Missing));
        }
        for bytes in [&b""[..], b"<html>", b"<svg xmlns=", b"\xff\xd8", b"RIFF\0\0\0\0WAVE", b"GIF88a", b"BM"] {
            assert_eq!(kept(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn random_bytes_behind_a_right_head_do_no_harm() {
        let mut state: u32 = 7;
        for first in [&b"\xff\xd8\xff"[..], b"RIFF\0\0\0\0WEBPVP8 ", b"RIFF\0\0\0\0WEBPVP8X", b"GIF87a"] {
            for _ in 0..2_000 {
                let mut bytes = first.to_vec();
                for _ in 0..64 {
                    state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                    bytes.push(state.to_be_bytes()[0] | if state & 1 == 0 { 0xc0 } else { 0 });
                }
                assert!(kept(&bytes).is_some());
            }
        }
    }

    #[test]
    fn digests_are_sixty_four_small_hexadecimal_digits() {
        let digest = crate::archive::digest(b"x");
        assert!(is_digest(&digest));
        for text in ["", "../../etc/passwd", &digest[1..], &digest.to_uppercase(), &format!("{digest}0")] {
            assert!(!is_digest(text), "{text}");
        }
    }
}
