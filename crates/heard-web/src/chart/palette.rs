use std::fmt;

/// Dark ink on a light ground, or light on dark.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// For paper and light pages.
    #[default]
    Light,
    /// For dark pages.
    Dark,
}

/// A colour without transparency, red, green and blue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Colour(pub(crate) u8, pub(crate) u8, pub(crate) u8);

impl fmt::Display for Colour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

/// The colours of one theme, named by what they are for. One hue tells nothing
/// apart, so that no reader depends on seeing colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Palette {
    /// Behind everything.
    pub(crate) ground: Colour,
    /// What is read first: titles and names.
    pub(crate) ink: Colour,
    /// What is read second: ranks, details, footers.
    pub(crate) quiet: Colour,
    /// The way a bar could have gone.
    pub(crate) lane: Colour,
    /// Amounts.
    pub(crate) bar: Colour,
}

impl Theme {
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Light => Palette {
                ground: Colour(0xfd, 0xfd, 0xfb),
                ink: Colour(0x1b, 0x20, 0x26),
                quiet: Colour(0x5a, 0x63, 0x6e),
                lane: Colour(0xee, 0xf0, 0xf1),
                bar: Colour(0x2b, 0x6c, 0xb0),
            },
            Self::Dark => Palette {
                ground: Colour(0x14, 0x18, 0x1d),
                ink: Colour(0xed, 0xf0, 0xf3),
                quiet: Colour(0x9d, 0xa8, 0xb4),
                lane: Colour(0x20, 0x26, 0x2d),
                bar: Colour(0x63, 0xa4, 0xe6),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast ratio as WCAG 2.2 defines them.
    fn luminance(colour: Colour) -> f64 {
        let channel = |c: u8| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * channel(colour.0) + 0.7152 * channel(colour.1) + 0.0722 * channel(colour.2)
    }

    fn contrast(one: Colour, other: Colour) -> f64 {
        let (one, other) = (luminance(one), luminance(other));
        (one.max(other) + 0.05) / (one.min(other) + 0.05)
    }

    #[test]
    fn everybody_can_tell_the_colours_apart() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = theme.palette();
            // 7:1 and 4.5:1 for text (AAA and AA), 3:1 for shapes that carry a meaning.
            assert!(contrast(palette.ink, palette.ground) >= 7.0, "{theme:?}");
            assert!(contrast(palette.ink, palette.lane) >= 7.0, "{theme:?}");
            assert!(contrast(palette.quiet, palette.ground) >= 4.5, "{theme:?}");
            assert!(contrast(palette.quiet, palette.lane) >= 4.5, "{theme:?}");
            assert!(contrast(palette.bar, palette.ground) >= 3.0, "{theme:?}");
            assert!(contrast(palette.bar, palette.lane) >= 3.0, "{theme:?}");
        }
    }

    #[test]
    fn a_colour_is_written_as_six_digits() {
        assert_eq!(Colour(0, 10, 255).to_string(), "#000aff");
    }
}
