//! Files read and not taken in: every row of theirs, for whoever wants to send plays on.

use std::convert::Infallible;
use std::io::{Cursor, Read};
use std::ops::ControlFlow;
use std::path::Path;

use super::Ignored;
use super::cut::{Cut, CutError, Piece, cut};
use super::inputs::{self, Found, Input, Kind, Limits, decoded};
use super::recognise::recognise;
use super::source::{as_csv, head_of, unreadable, whole};
use crate::facts::Why;
use crate::listen::Played;
use crate::normalise::layout::{Format, Hints, Layout};
use crate::normalise::rows_of;

/// A file that holds a history, and all of its rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRows {
    /// The file as it was named, with its place inside a zip.
    pub path: String,
    /// Its format.
    pub format: Format,
    /// The zone in which times that name none were read.
    pub zone: Option<String>,
    /// Whether it breaks off before its end.
    pub is_cut_off: bool,
    /// Its rows, in their order.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number among the file's rows, from 1; a header is none.
    pub number: u64,
    /// The line on which it begins, from 1. Plays have one only where a record is a line or several, and not in JSON.
    pub line: Option<u64>,
    /// What it tells of, or why it is no play and how it stands there (see [`crate::facts::LeftOut`]).
    pub told: Result<Played, (Why, String)>,
}

/// Reads the file at a path, or each file in a zip. Nothing is kept. The rows are those that an import of the same file
/// with the same hints would have.
#[must_use]
pub fn rows_of_files(path: &Path, hints: &Hints, limits: &Limits) -> (Vec<FileRows>, Vec<Ignored>) {
    let (mut files, mut ignored) = (Vec::new(), Vec::new());
    let paths = [path.to_owned()];
    let walked = inputs::walk(&paths, limits, &mut |found| {
        match found {
            Found::Input(mut input) => match read(&mut input, hints) {
                Ok(file) => files.push(file),
                Err(why) => ignored.push(Ignored { path: input.name().to_owned(), why, is_named: input.is_named() }),
            },
            Found::Refused(refused) => {
                ignored.push(Ignored { path: refused.name, why: refused.why.to_string(), is_named: refused.is_named });
            }
        }
        ControlFlow::Continue(())
    });
    debug_assert!(walked.is_continue(), "nobody breaks it off");
    (files, ignored)
}

fn read(input: &mut Input<'_>, hints: &Hints) -> Result<FileRows, String> {
    let (name, kind) = (input.name().to_owned(), input.kind());
    match kind {
        Kind::Plain => read_text(&name, &mut *input.open().map_err(|error| unreadable(&error))?, hints),
        Kind::Workbook | Kind::Parquet => {
            let mut file = read_text(&name, &mut Cursor::new(as_csv(kind, whole(input)?)?), hints)?;
            // The lines are those of a table that nobody but this program has seen.
            file.rows.iter_mut().for_each(|row| row.line = None);
            Ok(file)
        }
    }
}

fn read_text(name: &str, source: &mut dyn Read, hints: &Hints) -> Result<FileRows, String> {
    let mut text = decoded(source).map_err(|error| unreadable(&error))?;
    let head = head_of(&mut text).map_err(|error| unreadable(&error))?;
    let layout = recognise(name, &head, hints).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    let cut: Result<Cut, CutError<Infallible>> = cut(&mut Cursor::new(head).chain(&mut text), &layout, &mut |piece| {
        add(&mut rows, &layout, &piece);
        Ok(())
    });
    match cut {
        Ok(cut) => {
            let Layout { format, zone, .. } = layout;
            Ok(FileRows { path: name.to_owned(), format, zone, is_cut_off: cut.is_cut_off, rows })
        }
        Err(CutError::Read(error)) => Err(unreadable(&error)),
        Err(CutError::Taker(never)) => match never {},
    }
}

/// Adds the rows of a piece. Its plays and the others are each in their order.
fn add(rows: &mut Vec<Row>, layout: &Layout, piece: &Piece) {
    let told = rows_of(layout, piece.damage, &piece.body);
    let before = rows.len() as u64;
    let line = |line: u32| piece.first_line.saturating_add(u64::from(line));
    let mut lines = told.lines.iter().map(|at| line(*at));
    let mut found: Vec<Row> = told
        .plays
        .iter()
        .map(|play| Row { number: u64::from(play.row), line: lines.next(), told: Ok(play.played()) })
        .collect();
    found.extend(told.left_out.into_iter().map(|left| Row {
        number: u64::from(left.row),
        line: Some(line(left.line)),
        told: Err((left.why, left.text)),
    }));
    found.sort_by_key(|row| row.number);
    rows.extend(found.into_iter().map(|row| Row { number: before + row.number + 1, ..row }));
}
