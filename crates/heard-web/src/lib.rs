//! Pictures and pages of a listening history.
//!
//! What exists: [`chart`], which turns an answer of the statistics into a
//! picture. One drawing serves the browser and a file: the picture is an SVG
//! document, and [`chart::png`] paints that same document. And [`pages`]: HTML
//! documents with such pictures in them.

pub mod chart;
pub mod pages;

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
