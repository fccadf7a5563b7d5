//! What the pictures promise, asked from outside.

mod fonts;
mod png;
mod sample;
mod svg;
