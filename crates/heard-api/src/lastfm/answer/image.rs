//! Pictures.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::lenient::{self, Object, filled};
use crate::wire::Picture;

/// A picture in one size.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Image {
    /// The size's name: `small`, `medium`, `large`, `extralarge` …; empty where none is given
    /// (`album.getInfo/pylast_mbid.xml`).
    pub size: String,
    /// The address.
    pub url: String,
}

/// The sizes that the service names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ImageSize {
    /// 34 pixels.
    Small,
    /// 64 pixels.
    Medium,
    /// 174 pixels.
    Large,
    /// 300 pixels.
    ExtraLarge,
    /// The largest; 300 pixels as well since 2015.
    Mega,
}

impl ImageSize {
    /// All sizes, the smallest first.
    pub const ALL: [Self; 5] = [Self::Small, Self::Medium, Self::Large, Self::ExtraLarge, Self::Mega];

    /// The service's word.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Medium => "medium",
            Self::Large => "large",
            Self::ExtraLarge => "extralarge",
            Self::Mega => "mega",
        }
    }
}

impl Image {
    /// The picture of this size.
    ///
    /// ```
    /// use heard_api::lastfm::answer::{Image, ImageSize};
    ///
    /// let images = [Image { size: "large".to_owned(), url: "https://example.com/a.png".to_owned() }];
    /// assert_eq!(Image::of_size(&images, ImageSize::Large).map(|image| &*image.url), Some("https://example.com/a.png"));
    /// assert_eq!(Image::of_size(&images, ImageSize::Small), None);
    /// ```
    #[must_use]
    pub fn of_size(images: &[Self], size: ImageSize) -> Option<&Self> {
        images.iter().find(|image| image.size == size.as_str())
    }

    /// Whether this is one of the two pictures that stand for none: the grey star, which every artist has since 2019,
    /// and its like for albums (`artist.getInfo/pylast_artist_listener_count.xml`).
    #[must_use]
    pub fn is_placeholder(&self) -> bool {
        is_placeholder(&self.url)
    }
}

/// Whether an address is that of one of the two pictures that stand for none.
pub(crate) fn is_placeholder(address: &str) -> bool {
    const PLACEHOLDERS: [&str; 2] = ["2a96cbd8b46e442fc41c2b86b821562f", "4128a6eb29f94943c9d206c08e625904"];
    PLACEHOLDERS.iter().any(|hash| address.contains(hash))
}

#[derive(Deserialize)]
struct PictureRead<'a> {
    #[serde(borrow, default, deserialize_with = "lenient::text")]
    size: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "#text", deserialize_with = "lenient::text")]
    url: Option<Cow<'a, str>>,
}

impl PictureRead<'_> {
    /// The picture, if there is one in this size.
    fn shown(self) -> Option<Image> {
        let url = filled(self.url)?.into_owned();
        Some(Image { size: self.size.unwrap_or_default().into_owned(), url })
    }
}

/// A list of pictures, one of them, or its bare address (`user.getInfo/rubylastfm_sample.xml`, and GNU FM).
#[derive(Deserialize)]
#[serde(untagged, expecting = "a list of pictures, one of them, or an address")]
enum Pictures<'a> {
    #[serde(borrow)]
    Many(Vec<Object<PictureRead<'a>>>),
    One(Object<PictureRead<'a>>),
    Address(Cow<'a, str>),
}

/// Reads pictures; sizes without a picture are left out.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Image>, D::Error> {
    let pictures = match Option::<Pictures<'de>>::deserialize(from)? {
        None => Vec::new(),
        Some(Pictures::Many(pictures)) => pictures,
        Some(Pictures::One(picture)) => vec![picture],
        Some(Pictures::Address(url)) => {
            let url = Cow::Owned(url.trim().to_owned());
            vec![Object(PictureRead { size: None, url: Some(url) })]
        }
    };
    Ok(pictures.into_iter().filter_map(|Object(picture)| picture.shown()).collect())
}

/// Writes a list of pictures.
pub(crate) fn serialize<S: Serializer>(images: &[Image], to: S) -> Result<S::Ok, S::Error> {
    let pictures: Vec<_> = images.iter().map(|image| Picture { size: &image.size, url: &image.url }).collect();
    pictures.serialize(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_grey_star_is_no_picture() {
        let image = |url: &str| Image { size: "small".to_owned(), url: url.to_owned() };
        assert!(image("https://example.com/i/u/34s/2a96cbd8b46e442fc41c2b86b821562f.png").is_placeholder());
        assert!(image("https://example.com/i/u/4128a6eb29f94943c9d206c08e625904.jpg").is_placeholder());
        assert!(!image("https://example.com/i/u/34s/62d26c6cb4ac4bdccb8f3a2a0fd55421.png").is_placeholder());
        assert_eq!(ImageSize::ALL.map(ImageSize::as_str), ["small", "medium", "large", "extralarge", "mega"]);
    }
}
