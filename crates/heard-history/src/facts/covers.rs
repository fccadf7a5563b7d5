//! What lay at the address of a cover.

use serde::{Deserialize, Serialize};

/// The form of a picture, as its first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PictureForm {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    Webp,
}

impl PictureForm {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Jpeg, Self::Png, Self::Gif, Self::Webp];

    /// How the names of such files end.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Gif => "gif",
            Self::Webp => "webp",
        }
    }

    /// The form of files whose names end so.
    #[must_use]
    pub fn of_extension(extension: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.extension() == extension)
    }

    /// The media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
        }
    }
}

/// A picture that is kept as a file of the archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// SHA-256 of its bytes, in lower-case hexadecimal; also its file's name.
    pub sha256: String,
    /// How many bytes it has.
    pub bytes: u64,
    /// Its form.
    pub form: PictureForm,
    /// Width and height in points, where its head tells them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<(u32, u32)>,
}

/// Why no picture is kept of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoPicture {
    /// The host says that nothing lies there.
    Missing,
    /// What lies there is no JPEG, PNG, GIF or WebP.
    NotAPicture,
    /// It is larger than what is kept.
    TooLarge,
    /// It stands for no picture.
    Placeholder,
    /// The address is not one that is gone to.
    Forbidden,
}

impl NoPicture {
    /// Every reason.
    pub const ALL: [Self; 5] = [Self::Missing, Self::NotAPicture, Self::TooLarge, Self::Placeholder, Self::Forbidden];

    /// The reason as it stands in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NotAPicture => "not-a-picture",
            Self::TooLarge => "too-large",
            Self::Placeholder => "placeholder",
            Self::Forbidden => "forbidden",
        }
    }

    /// The reason of that name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// What asking for a cover came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverOutcome {
    /// A picture, which is kept.
    Kept(Picture),
    /// None.
    None(NoPicture),
}

/// The body of the envelope of a cover: the answer, with the picture's digest in the place of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverReply {
    /// The `Content-Type`, as sent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// What was made of it.
    pub outcome: CoverOutcome,
}

/// What lay at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CoverAnswer {
    /// The address that the service named.
    pub address: String,
    /// What lay there.
    pub outcome: CoverOutcome,
}
