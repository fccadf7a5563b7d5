//! Placeholder until the terminal drawing lands.
use heard_web::chart::RankedBars;
pub(crate) fn ranked_bars(_bars: &RankedBars, _columns: usize, _colour: bool) -> String { String::new() }
