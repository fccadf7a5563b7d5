//! What the pictures promise, asked from outside.

mod fonts;
mod forms;
mod gallery;
mod pages;
mod png;
mod sample;
mod svg;

use heard_web::chart;
