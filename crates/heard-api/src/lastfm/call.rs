//! The one form in which the methods are written down: what a call needs, what it may say besides, and what it brings.

use std::str::FromStr;

use crate::method::{ParamError, Params};

/// Writes a method down as a request type: a struct with public fields, `new` for what the service demands, a setter
/// for everything else, [`Method`](crate::Method), and `from_params` for the side that is asked.
///
/// ```text
/// call! {
///     /// What it asks for.
///     GetTopAlbums = "user.getTopAlbums", Key, READ;
///     answer Page<Album>, Paged::at(&["topalbums"], "album");
///     of    { /// …      which: WhichArtist }      a subject that writes several parameters
///     needs { /// …      user: String }            demanded, in the order of `new`
///     may   { /// …      limit: u32 }              optional
///     flags { /// …      autocorrect }             optional, sent as 1
///     fixed { taggingtype: "album" }               always the same
/// }
/// ```
///
/// The access `Own` means: the api key where `user` names somebody, otherwise the session of the user who asks.
macro_rules! call {
    (
        $(#[$doc:meta])*
        $name:ident = $wire:literal, $access:ident, $write:ident;
        answer $answer:ty, $form:expr;
        $(of { $(#[$of_doc:meta])* $of:ident: $of_type:ty })?
        $(needs { $($(#[$need_doc:meta])* $need:ident: $need_type:ty),+ $(,)? })?
        $(may { $($(#[$may_doc:meta])* $may:ident: $may_type:ty),+ $(,)? })?
        $(flags { $($(#[$flag_doc:meta])* $flag:ident),+ $(,)? })?
        $(fixed { $fixed:ident: $fixed_value:literal })?
    ) => {
        $(#[$doc])*
        #[doc = concat!("\n\nThe method `", $wire, "` (<https://www.last.fm/api/show/", $wire, ">).")]
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name {
            $($(#[$of_doc])* pub $of: $of_type,)?
            $($($(#[$need_doc])* pub $need: $need_type,)+)?
            $($($(#[$may_doc])* pub $may: Option<$may_type>,)+)?
            $($($(#[$flag_doc])* pub $flag: bool,)+)?
        }

        impl $name {
            /// The call with nothing but what the service demands.
            #[must_use]
            #[allow(clippy::new_without_default, reason = "a call without parameters is still made by its name")]
            pub fn new($($of: impl Into<$of_type>)? $($($need: impl Into<$need_type>),+)?) -> Self {
                Self {
                    $($of: $of.into(),)?
                    $($($need: $need.into(),)+)?
                    $($($may: None,)+)?
                    $($($flag: false,)+)?
                }
            }

            $($(
                $(#[$may_doc])*
                #[must_use]
                pub fn $may(mut self, $may: impl Into<$may_type>) -> Self {
                    self.$may = Some($may.into());
                    self
                }
            )+)?

            $($(
                $(#[$flag_doc])*
                #[must_use]
                pub fn $flag(mut self) -> Self {
                    self.$flag = true;
                    self
                }
            )+)?

            /// Reads the call from its parameters, as the side that is asked must.
            ///
            /// # Errors
            /// A parameter that the call needs is missing, or one cannot be read.
            #[allow(unused_variables, reason = "some calls have no parameters")]
            pub fn from_params(params: &$crate::Params) -> Result<Self, $crate::ParamError> {
                Ok(Self {
                    $($of: <$of_type>::from_params(params)?,)?
                    $($($need: $crate::lastfm::call::needed(params, stringify!($need))?,)+)?
                    $($($may: $crate::lastfm::call::given(params, stringify!($may))?,)+)?
                    $($($flag: $crate::lastfm::call::raised(params, stringify!($flag))?,)+)?
                })
            }
        }

        impl $crate::Method for $name {
            const NAME: &'static str = $wire;
            call!(@access $access);
            const WRITE: bool = call!(@write $write);
            type Answer = $answer;

            #[allow(unused_variables, reason = "some calls have no parameters")]
            fn params(&self, out: &mut $crate::Params) {
                $(self.$of.write(out);)?
                $($(out.set(stringify!($need), &self.$need);)+)?
                $($(out.set_some(stringify!($may), self.$may.as_ref());)+)?
                $($(out.set_some(stringify!($flag), self.$flag.then_some(1));)+)?
                $(out.set(stringify!($fixed), $fixed_value);)?
            }

            fn decode(body: &[u8]) -> Result<Self::Answer, $crate::DecodeError> {
                ($form).decode(body)
            }

            fn encode(answer: &Self::Answer) -> Vec<u8> {
                ($form).encode(answer)
            }
        }
    };
    (@access Own) => {
        const ACCESS: $crate::Access = $crate::Access::Key;

        fn access(&self) -> $crate::Access {
            if self.user.is_some() { $crate::Access::Key } else { $crate::Access::Session }
        }
    };
    (@access $access:ident) => {
        const ACCESS: $crate::Access = $crate::Access::$access;
    };
    (@write READ) => { false };
    (@write WRITE) => { true };
}
pub(crate) use call;

/// A parameter that must be there and not empty.
pub(crate) fn needed<T: FromStr>(params: &Params, name: &'static str) -> Result<T, ParamError> {
    given(params, name)?.ok_or(ParamError::Missing { name })
}

/// A parameter that may be missing or empty.
pub(crate) fn given<T: FromStr>(params: &Params, name: &'static str) -> Result<Option<T>, ParamError> {
    let text = params.get(name).filter(|text| !text.is_empty());
    text.map(|text| text.parse().map_err(|_| ParamError::Unreadable { name })).transpose()
}

/// A parameter that is a yes when it is 1.
pub(crate) fn raised(params: &Params, name: &'static str) -> Result<bool, ParamError> {
    Ok(given::<u8>(params, name)?.unwrap_or(0) == 1)
}
