//! Every form once, made of names and amounts of the caller's choice.

use super::chart::{
    BarRow, Bump, BumpLine, Calendar, CardList, Clock, Grid, Measure, Milestone, Milestones, Punchcard, RankedBars,
    Series, ShareCard, Size, Stack, StackedArea, Svg, Theme, Timeline, TimelineShape, TimelineUnit, bump, calendar,
    circular_clock, grid, milestones, punchcard, ranked_bars, share_card, stacked_area, timeline,
};

pub(crate) type Draw = Box<dyn Fn(&Size, Theme) -> Svg>;

/// All forms, each with as many names and amounts as it likes, taken in turns; all texts are names.
pub(crate) fn gallery(names: &[String], values: &[u64]) -> Vec<(&'static str, Draw)> {
    let name = |at: usize| names[at % names.len()].clone();
    let value = |at: usize| values[at % values.len()];
    let (title, subtitle, footer) = (name(0), name(1), name(2));
    let bar = |at: usize| BarRow {
        label: name(at),
        detail: (!at.is_multiple_of(3)).then(|| name(at + 1)),
        value: value(at),
        value_text: Measure::Count.text(value(at)),
    };
    let rows: Vec<BarRow> = (0..names.len() * 2).map(bar).collect();
    let hours: [u64; 24] = std::array::from_fn(value);
    let count = values.len();
    let ranked =
        RankedBars { title: title.clone(), subtitle: subtitle.clone(), rows: rows.clone(), footer: footer.clone() };
    let tiles = Grid { title: title.clone(), subtitle: subtitle.clone(), tiles: rows, footer: footer.clone() };
    let clock = Clock {
        title: title.clone(),
        subtitle: subtitle.clone(),
        hours,
        measure: Measure::Count,
        footer: footer.clone(),
    };
    let week = Punchcard {
        title: title.clone(),
        subtitle: subtitle.clone(),
        hours: std::array::from_fn(|day| std::array::from_fn(|hour| value(day * 24 + hour))),
        week_start: 0,
        measure: Measure::Count,
        footer: footer.clone(),
    };
    let days = Calendar {
        title: title.clone(),
        subtitle: subtitle.clone(),
        days: (0..900).map(|at| (19_100 + at, value(at as usize))).collect(),
        week_start: 6,
        measure: Measure::Count,
        footer: footer.clone(),
    };
    let units = |labels: bool| -> Vec<TimelineUnit> {
        (0..count)
            .map(|at| TimelineUnit {
                label: if labels { name(at) } else { format!("{}", 2000 + at) },
                value: value(at),
                before: (!at.is_multiple_of(5)).then(|| value(at + 1)),
            })
            .collect()
    };
    let bars = Timeline {
        title: title.clone(),
        subtitle: subtitle.clone(),
        units: units(false)
            .into_iter()
            .map(|unit| TimelineUnit { value: unit.value.saturating_mul(60_000), ..unit })
            .collect(),
        shape: TimelineShape::Bars,
        name: name(3),
        name_before: name(4),
        measure: Measure::Time,
        footer: footer.clone(),
    };
    let line = Timeline { shape: TimelineShape::Line, units: units(true), measure: Measure::Count, ..bars.clone() };
    let area = StackedArea {
        rest: None,
        title: title.clone(),
        subtitle: subtitle.clone(),
        units: (0..count).map(|at| format!("{}", 2000 + at)).collect(),
        series: (0..names.len() + 3)
            .map(|at| Series { name: name(at), values: (0..count).map(|unit| value(unit * (at + 1)) / 16).collect() })
            .collect(),
        stack: Stack::Amounts,
        measure: Measure::Count,
        footer: footer.clone(),
    };
    let shares = StackedArea { stack: Stack::Shares, ..area.clone() };
    let places = names.len().min(10);
    let race = Bump {
        title: title.clone(),
        subtitle: subtitle.clone(),
        units: (0..count).map(|at| format!("{}", 2000 + at)).collect(),
        places: places as u32,
        lines: (0..names.len())
            .map(|at| BumpLine {
                name: name(at),
                ranks: (0..count).map(|unit| Some(((at + unit) % names.len()) as u32 + 1)).collect(),
            })
            .collect(),
        footer: footer.clone(),
    };
    let stones = Milestones {
        title: title.clone(),
        subtitle: subtitle.clone(),
        points: (0..count)
            .map(|at| Milestone {
                day: 15_000 + (at as i32 % 7) * 300 + at as i32,
                label: name(at),
                detail: if names.len() > 3 { name(at + 1) } else { String::new() },
            })
            .collect(),
        footer: footer.clone(),
    };
    let list = |start: usize| CardList {
        title: name(start),
        rows: (start..start + 5).map(|at| (name(at), at.is_multiple_of(2).then(|| name(at + 1)))).collect(),
    };
    let card = ShareCard {
        title,
        subtitle,
        number: Measure::Count.text(value(0)),
        number_label: name(1),
        numbers: (0..3).map(|at| (Measure::Count.text(value(at)), name(at))).collect(),
        lists: vec![list(0), list(1)],
        hours,
        measure: Measure::Count,
        footer,
    };
    vec![
        ("ranked_bars", Box::new(move |size, theme| ranked_bars(&ranked, size, theme))),
        ("grid", Box::new(move |size, theme| grid(&tiles, size, theme))),
        ("clock", Box::new(move |size, theme| circular_clock(&clock, size, theme))),
        ("punchcard", Box::new(move |size, theme| punchcard(&week, size, theme))),
        ("calendar", Box::new(move |size, theme| calendar(&days, size, theme))),
        ("timeline_bars", Box::new(move |size, theme| timeline(&bars, size, theme))),
        ("timeline_line", Box::new(move |size, theme| timeline(&line, size, theme))),
        ("stacked_area", Box::new(move |size, theme| stacked_area(&area, size, theme))),
        ("stacked_shares", Box::new(move |size, theme| stacked_area(&shares, size, theme))),
        ("bump", Box::new(move |size, theme| bump(&race, size, theme))),
        ("milestones", Box::new(move |size, theme| milestones(&stones, size, theme))),
        ("share_card", Box::new(move |size, theme| share_card(&card, size, theme))),
    ]
}
