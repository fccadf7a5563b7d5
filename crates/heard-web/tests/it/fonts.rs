use std::path::PathBuf;

use heard_web::chart::{ChartError, Fonts, RankedBars, Size, Svg, Theme, png, ranked_bars};

/// A picture with nothing but a title.
fn titled(title: &str) -> Svg {
    let bars = RankedBars { title: title.to_owned(), ..RankedBars::default() };
    ranked_bars(&bars, &Size::new(300, None).expect("a size"), Theme::Light)
}

fn file(bytes: &[u8]) -> tempfile::TempPath {
    let mut file = tempfile::NamedTempFile::new().expect("a file");
    std::io::Write::write_all(&mut file, bytes).expect("written");
    file.into_temp_path()
}

#[test]
fn a_font_file_draws_what_the_embedded_faces_lack_and_nothing_else() {
    // A font with signs that are in no embedded face.
    let path = file(uzor_fonts::NOTO_SANS_SYMBOLS2);
    let with_file = Fonts::embedded().with_files(&[path.to_path_buf()]).expect("a font");
    let paint = |svg: &Svg, fonts: &Fonts| png(svg, 1.0, fonts).expect("paints");
    let rare = titled("\u{1f810}\u{1f812}");
    assert!(paint(&rare, &with_file) != paint(&rare, &Fonts::embedded()));
    let usual = titled("Sigur Rós ★ فيروز");
    assert!(paint(&usual, &with_file) == paint(&usual, &Fonts::embedded()));
}

#[test]
fn the_fonts_of_the_system_change_no_picture_that_needs_none() {
    let usual = titled("Sigur Rós, Кино, فيروز, עידן, 🎸");
    let without = png(&usual, 1.0, &Fonts::embedded()).expect("paints");
    let with = png(&usual, 1.0, &Fonts::embedded().with_system(true)).expect("paints");
    assert!(with == without);
}

#[test]
fn a_picture_that_needs_the_fonts_of_the_system_is_painted_with_or_without_them() {
    let fonts = Fonts::embedded().with_system(true);
    for title in ["東京 방탄 บอดี้", "𠮷", "\u{10ffff}"] {
        let first = png(&titled(title), 1.0, &fonts).expect("paints");
        let second = png(&titled(title), 1.0, &fonts.clone()).expect("paints");
        assert!(first == second);
    }
}

#[test]
fn files_that_are_no_fonts_are_named() {
    let missing = PathBuf::from("no/such/font.ttf");
    let refused = Fonts::embedded().with_files(std::slice::from_ref(&missing));
    let refused = refused.expect_err("not there");
    assert!(matches!(&refused, ChartError::FontFile { path, .. } if *path == missing));
    assert!(refused.to_string().contains("no/such/font.ttf"));
    for bytes in [&b""[..], b"not a font", &uzor_fonts::INTER_400[..64]] {
        let path = file(bytes);
        let refused = Fonts::embedded().with_files(&[path.to_path_buf()]);
        assert!(matches!(refused, Err(ChartError::NotAFont(named)) if named == *path));
    }
}

#[test]
fn a_cut_off_font_breaks_no_picture() {
    let whole = uzor_fonts::NOTO_SANS_SYMBOLS2;
    for part in [2, 3, 5, 10] {
        let path = file(&whole[..whole.len() / part]);
        if let Ok(fonts) = Fonts::embedded().with_files(&[path.to_path_buf()]) {
            png(&titled("\u{1f810} 東京"), 1.0, &fonts).expect("paints");
        }
    }
}
