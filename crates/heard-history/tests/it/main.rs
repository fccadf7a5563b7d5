//! The history as a library, from outside.

mod order;
