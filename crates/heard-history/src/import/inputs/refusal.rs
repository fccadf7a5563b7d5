//! Why something is not read.

use std::io;

/// Something that is not read.
#[derive(Debug)]
pub struct Refused {
    /// Its name, as that of an input.
    pub name: String,
    /// Whether the listener named it, or the zip that it is in.
    pub is_named: bool,
    /// Why.
    pub why: Refusal,
}

/// Why something is not read. Each reads on from its name: "`a.zip` holds …".
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nothing is there.
    #[error("does not exist")]
    Missing,
    /// The system does not let us.
    #[error("may not be read by you; change its permissions")]
    NoPermission(#[source] io::Error),
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[source] io::Error),
    /// A pipe, a socket or a device.
    #[error("is neither a file nor a folder; save it as a file first")]
    NotAFile,
    /// A link that was found in a folder or in a zip.
    #[error("is a link, and links are not followed; name what it leads to")]
    Link,
    /// A container that we do not open.
    #[error("is packed as {0}; unpack it and import what is in it")]
    Packed(&'static str),
    /// A container inside a container.
    #[error("is packed as {0} inside another container; unpack the outer one and import what is in it")]
    Nested(&'static str),
    /// The list of a zip's members cannot be read, or not to its end.
    #[error("is not a whole zip: it is cut off or damaged; download it again")]
    NotAZip(#[source] io::Error),
    /// More members than a history has.
    #[error("holds {members} files, and at most {most} are read from a zip; unpack it and import the folder")]
    TooManyMembers {
        /// How many it says to hold.
        members: usize,
        /// How many are read.
        most: usize,
    },
    /// Members of a zip share bytes of it.
    #[error("is made so that files in it share their bytes; no honest zip is")]
    Overlapping,
    /// A member that needs a password.
    #[error("is encrypted; unpack the zip with its password and import the folder")]
    Encrypted,
    /// A member that was compressed in a way we do not read.
    #[error("is compressed in a way that is not read here; unpack the zip and import the folder")]
    Compression(#[source] io::Error),
    /// A member whose name leads out of its folder, or is none.
    #[error("has a name that is not the name of a file in a folder; unpack the zip and import the folder")]
    Name,
    /// A zip that names a member in one way in its list and in another before the member's bytes.
    #[error("bears another name at its place in the zip than in the zip's list")]
    TwoNames,
    /// More came out than may.
    #[error("grows to more than {limit} bytes; unpack it and import what is in it")]
    TooLarge {
        /// How many may.
        limit: u64,
    },
    /// More came out of a container in all than may.
    #[error("is in a container from which more than {limit} bytes come; unpack it and import what is in it")]
    TooLargeInAll {
        /// How many may.
        limit: u64,
    },
    /// Far more came out than went in.
    #[error("grows to more than {ratio} times its size, as no history does")]
    TooDense {
        /// How many times may be.
        ratio: u64,
    },
}

impl Refusal {
    /// The refusal inside an error that a reader gave.
    #[must_use]
    pub fn within(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }

    /// What an error of the system means for a file.
    pub(super) fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            io::ErrorKind::PermissionDenied => Self::NoPermission(error),
            _ => match error.downcast() {
                Ok(refusal) => refusal,
                Err(error) => Self::Unreadable(error),
            },
        }
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::InvalidData, refusal)
    }
}
