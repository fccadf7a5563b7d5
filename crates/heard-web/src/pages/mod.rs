//! Pages: HTML documents that are whole in themselves.
//!
//! A page needs no script, no font and no picture from elsewhere; it follows the reader's wish for light or dark, and
//! every name in it is text and nothing else. What it says in words is here, too, for those who say it elsewhere: the
//! terminal and the share card.

mod card;
mod figures;
mod words;
mod wrapped;

pub use card::wrapped_card;
pub use words::{Fact, compared, facts, milestone_words};
pub use wrapped::wrapped_page;
