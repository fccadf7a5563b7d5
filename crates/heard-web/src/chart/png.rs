use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use super::{ChartError, Fonts, Svg};

/// The most pixels a picture is painted with; painting takes four bytes for each.
pub const MAX_PIXELS: u64 = 50_000_000;

/// Paints `svg` as a PNG file, `scale` pixels for each CSS pixel.
///
/// The same picture, scale and fonts make the same bytes.
///
/// # Errors
///
/// [`ChartError::Scale`] and [`ChartError::TooLarge`] before anything is
/// painted, and the errors of painting.
pub fn png(svg: &Svg, scale: f32, fonts: &Fonts) -> Result<Vec<u8>, ChartError> {
    if !(0.1..=10.0).contains(&scale) {
        return Err(ChartError::Scale(scale));
    }
    let pixels = |length: u32| (f64::from(length) * f64::from(scale)).round().max(1.0) as u64;
    let (width, height) = (pixels(svg.width()), pixels(svg.height()));
    let too_large = || ChartError::TooLarge { width, height };
    if width * height > MAX_PIXELS {
        return Err(too_large());
    }
    let sides = (u32::try_from(width), u32::try_from(height));
    let (Ok(across), Ok(down)) = sides else {
        return Err(too_large());
    };
    let tree = tree(svg, fonts)?;
    let mut pixmap = Pixmap::new(across, down).ok_or_else(too_large)?;
    // The whole picture fills the whole file, whatever rounding did to its sides.
    let fill = |pixels: u64, length: u32| pixels as f32 / length as f32;
    let transform = Transform::from_scale(fill(width, svg.width()), fill(height, svg.height()));
    resvg::render(&tree, transform, &mut pixmap.as_mut());
    pixmap.encode_png().map_err(|error| ChartError::Encode(Box::new(error)))
}

/// The picture with every text shaped and placed.
pub(super) fn tree(svg: &Svg, fonts: &Fonts) -> Result<Tree, ChartError> {
    let cast = fonts.cast(&svg.beyond())?;
    let document = svg.for_painting(|text, rtl| cast.advance(text, rtl));
    let (fontdb, font_resolver) = cast.into_parts();
    let options = Options { fontdb, font_resolver, ..Options::default() };
    Tree::from_str(&document, &options).map_err(ChartError::Paint)
}
