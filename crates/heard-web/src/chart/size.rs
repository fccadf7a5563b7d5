use std::ops::RangeInclusive;

use super::ChartError;

/// How large a picture is, in CSS pixels; type and spacing grow with the width.
///
/// The limits keep a size that came from a command line or a web address from
/// asking for gigabytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    width: u32,
    height: Option<u32>,
}

impl Size {
    /// Widths that are drawn.
    pub const WIDTHS: RangeInclusive<u32> = 200..=8000;
    /// Heights that can be asked for.
    pub const HEIGHTS: RangeInclusive<u32> = 120..=32_000;

    /// `height: None` makes the picture as high as its content. With a height,
    /// what does not fit is left out and the picture says how much that is.
    ///
    /// # Errors
    ///
    /// [`ChartError::Width`] or [`ChartError::Height`] beyond the limits.
    pub fn new(width: u32, height: Option<u32>) -> Result<Self, ChartError> {
        if !Self::WIDTHS.contains(&width) {
            return Err(ChartError::Width(width));
        }
        match height {
            Some(height) if !Self::HEIGHTS.contains(&height) => Err(ChartError::Height(height)),
            _ => Ok(Self { width, height }),
        }
    }

    /// Pixels across.
    pub fn width(&self) -> u32 {
        self.width
    }

    /// Pixels down, where the caller fixed them.
    pub fn height(&self) -> Option<u32> {
        self.height
    }
}

impl Default for Size {
    /// 1000 pixels wide, as high as the content.
    fn default() -> Self {
        Self { width: 1000, height: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_beyond_the_limits_are_refused() {
        for width in [0, 199, 8001, u32::MAX] {
            assert!(matches!(Size::new(width, None), Err(ChartError::Width(w)) if w == width));
        }
        for height in [0, 119, 32_001, u32::MAX] {
            assert!(matches!(
                Size::new(1000, Some(height)),
                Err(ChartError::Height(h)) if h == height
            ));
        }
        assert!(Size::new(200, Some(120)).is_ok());
        assert!(Size::new(8000, Some(32_000)).is_ok());
    }
}
