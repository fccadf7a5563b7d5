use heard_web::chart::{ChartError, Fonts, RankedBars, Size, Svg, Theme, png, ranked_bars};
use resvg::tiny_skia::Pixmap;

use crate::sample::{hostile, ranking, row};

fn draw(bars: &RankedBars, width: u32, theme: Theme) -> Svg {
    ranked_bars(bars, &Size::new(width, None).expect("a size"), theme)
}

fn paint(svg: &Svg, scale: f32) -> Pixmap {
    let file = png(svg, scale, &Fonts::embedded()).expect("paints");
    Pixmap::decode_png(&file).expect("a PNG file")
}

#[test]
fn the_file_has_the_size_that_was_asked_for_and_is_filled() {
    let bars = ranking(vec![row("Low", 3)]);
    for (width, scale) in [(200, 1.0), (480, 2.0), (1000, 0.5), (1001, 1.3)] {
        let svg = draw(&bars, width, Theme::Dark);
        let picture = paint(&svg, scale);
        let expected = |length: u32| (length as f32 * scale).round() as u32;
        assert_eq!(picture.width(), expected(svg.width()));
        assert_eq!(picture.height(), expected(svg.height()));
        assert!(picture.pixels().iter().all(|pixel| pixel.alpha() == 255));
    }
}

#[test]
fn the_same_picture_has_the_same_bytes() {
    let rows = hostile().iter().map(|name| row(name, 9)).collect();
    let svg = draw(&ranking(rows), 640, Theme::Light);
    let first = png(&svg, 1.0, &Fonts::embedded()).expect("paints");
    let second = png(&svg, 1.0, &Fonts::embedded()).expect("paints");
    assert!(first == second);
}

/// The share of a picture that is not its ground.
fn ink(picture: &Pixmap) -> f64 {
    let ground = picture.pixels()[0];
    let inked = picture.pixels().iter().filter(|&&pixel| pixel != ground);
    inked.count() as f64 / picture.pixels().len() as f64
}

#[test]
fn every_script_is_drawn_each_name_in_its_own_way() {
    let pairs = [
        ("Björk", "Bjork"),
        ("Кино", "Вино"),
        ("Ώρα", "Ήρα"),
        ("東京", "東亰"),
        ("宇多田ヒカル", "宇多田ヒカリ"),
        ("周杰伦", "周杰倫"),
        ("방탄소년단", "방탄소년닫"),
        ("עידן", "עירן"),
        ("فيروز", "فيروس"),
        ("บอดี้", "บอดี่"),
        ("🎸", "🎹"),
    ];
    let title = |name: &str| RankedBars { title: name.to_owned(), ..RankedBars::default() };
    let empty = ink(&paint(&draw(&title(""), 480, Theme::Light), 1.0));
    for (one, other) in pairs {
        let one_picture = paint(&draw(&title(one), 480, Theme::Light), 1.0);
        let other_picture = paint(&draw(&title(other), 480, Theme::Light), 1.0);
        assert!(ink(&one_picture) > empty, "{one} left no ink");
        // Boxes in place of letters would be equal.
        assert!(one_picture.data() != other_picture.data(), "{one} looks like {other}");
    }
}

#[test]
fn pictures_beyond_the_limits_are_refused_before_they_are_painted() {
    let svg = draw(&ranking(vec![row("Low", 3)]), 1000, Theme::Light);
    for scale in [0.0, 0.05, -1.0, 10.5, f32::NAN, f32::INFINITY] {
        assert!(matches!(png(&svg, scale, &Fonts::embedded()), Err(ChartError::Scale(_))));
    }
    let rows = (0..1000).map(|n| row(&n.to_string(), n)).collect();
    let svg = draw(&ranking(rows), 8000, Theme::Light);
    let refused = png(&svg, 1.0, &Fonts::embedded()).expect_err("too large");
    assert!(matches!(refused, ChartError::TooLarge { width: 8000, .. }));
    assert!(refused.to_string().contains("more than the limit of 50 million"));
}
