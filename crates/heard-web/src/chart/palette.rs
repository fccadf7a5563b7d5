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

/// The colours of one theme, named by what they are for. What a hue tells is
/// told in words, too, so that no reader depends on seeing colours.
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
    /// Lines at the marks of an axis.
    pub(crate) rule: Colour,
    /// A ground that text stands on.
    pub(crate) tile: Colour,
    /// Amounts in steps, from the least to the most. Each is further from the ground, so that order is seen without
    /// hue.
    pub(crate) heat: [Colour; 5],
    /// Things told apart. Their hues differ for readers who lack one kind of cones, too.
    pub(crate) series: [Colour; 7],
}

impl Theme {
    pub(crate) fn palette(self) -> Palette {
        match self {
            Self::Light => LIGHT,
            Self::Dark => DARK,
        }
    }
}

const LIGHT: Palette = Palette {
    ground: Colour(0xfd, 0xfd, 0xfb),
    ink: Colour(0x1b, 0x20, 0x26),
    quiet: Colour(0x5a, 0x63, 0x6e),
    lane: Colour(0xee, 0xf0, 0xf1),
    bar: Colour(0x2b, 0x6c, 0xb0),
    rule: Colour(0xe2, 0xe5, 0xe8),
    tile: Colour(0xee, 0xf1, 0xf4),
    heat: [
        Colour(0xc3, 0xda, 0xf1),
        Colour(0x8f, 0xb8, 0xe0),
        Colour(0x55, 0x90, 0xca),
        Colour(0x2b, 0x6c, 0xb0),
        Colour(0x12, 0x3e, 0x71),
    ],
    series: [
        Colour(0x2b, 0x6c, 0xb0),
        Colour(0xd2, 0x64, 0x0f),
        Colour(0x14, 0x9b, 0xc3),
        Colour(0x50, 0x23, 0x14),
        Colour(0xbe, 0x05, 0xff),
        Colour(0x91, 0x46, 0x4b),
        Colour(0x19, 0x1e, 0xa5),
    ],
};

const DARK: Palette = Palette {
    ground: Colour(0x14, 0x18, 0x1d),
    ink: Colour(0xed, 0xf0, 0xf3),
    quiet: Colour(0x9d, 0xa8, 0xb4),
    lane: Colour(0x20, 0x26, 0x2d),
    bar: Colour(0x63, 0xa4, 0xe6),
    rule: Colour(0x2c, 0x34, 0x3d),
    tile: Colour(0x21, 0x28, 0x30),
    heat: [
        Colour(0x25, 0x40, 0x5f),
        Colour(0x2f, 0x62, 0x99),
        Colour(0x4a, 0x8a, 0xd0),
        Colour(0x84, 0xb9, 0xee),
        Colour(0xd3, 0xe7, 0xfb),
    ],
    series: [
        Colour(0x63, 0xa4, 0xe6),
        Colour(0xf0, 0x8c, 0x14),
        Colour(0x14, 0x7d, 0x7d),
        Colour(0xf5, 0xd7, 0x28),
        Colour(0xa0, 0x00, 0xfa),
        Colour(0x41, 0xf5, 0xd7),
        Colour(0xcd, 0x2d, 0x1e),
    ],
};

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
            assert!(contrast(palette.ink, palette.tile) >= 7.0, "{theme:?}");
            assert!(contrast(palette.quiet, palette.tile) >= 4.5, "{theme:?}");
            assert!(contrast(palette.bar, palette.tile) >= 3.0, "{theme:?}");
            for colour in palette.series {
                assert!(contrast(colour, palette.ground) >= 3.0, "{theme:?} {colour}");
            }
        }
    }

    #[test]
    fn every_step_of_heat_is_further_from_the_ground() {
        for theme in [Theme::Light, Theme::Dark] {
            let palette = theme.palette();
            let steps: Vec<f64> =
                [palette.lane].iter().chain(&palette.heat).map(|c| contrast(*c, palette.ground)).collect();
            assert!(steps.windows(2).all(|pair| pair[1] >= pair[0] * 1.25), "{theme:?} {steps:?}");
            assert!(steps[5] >= 7.0, "{theme:?} {steps:?}");
        }
    }

    type Matrix = [[f64; 3]; 3];

    /// What eyes with all cones, without long, without middle and without short waves see, in linear RGB: Machado,
    /// Oliveira and Fernandes 2009, severity 1.
    const EYES: [Matrix; 4] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
    ];
    /// From linear RGB to the cones, and from their cube roots to Oklab (Ottosson 2020).
    const CONES: Matrix = [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ];
    const OKLAB: Matrix = [
        [0.2104542553, 0.793617785, -0.0040720468],
        [1.9779984951, -2.428592205, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.808675766],
    ];

    fn times(matrix: &Matrix, vector: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(vector).map(|(a, b)| a * b).sum())
    }

    fn seen(eye: &Matrix, colour: Colour) -> [f64; 3] {
        let linear = [colour.0, colour.1, colour.2].map(|c| {
            let c = f64::from(c) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        });
        times(&OKLAB, times(&CONES, times(eye, linear).map(|c| c.clamp(0.0, 1.0))).map(f64::cbrt))
    }

    #[test]
    fn series_differ_for_every_eye() {
        for theme in [Theme::Light, Theme::Dark] {
            let series = theme.palette().series;
            for (i, one) in series.iter().enumerate() {
                for other in &series[i + 1..] {
                    for eye in &EYES {
                        let (a, b) = (seen(eye, *one), seen(eye, *other));
                        let distance = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt();
                        assert!(distance >= 0.1, "{theme:?} {one} {other} {distance:.3}");
                    }
                }
            }
        }
    }

    #[test]
    fn a_colour_is_written_as_six_digits() {
        assert_eq!(Colour(0, 10, 255).to_string(), "#000aff");
    }
}
