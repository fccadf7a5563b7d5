/// What numbers count, and so how they are written and where an axis has its marks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Measure {
    /// Things: plays, names.
    #[default]
    Count,
    /// Milliseconds.
    Time,
    /// Hundredths of things, of which there may be parts; they are written as whole things.
    Hundredths,
}

const MINUTE: u128 = 60_000;
const HOUR: u128 = 60 * MINUTE;

impl Measure {
    /// The value as it is to be read: `1,204`, or `3h 05m`.
    ///
    /// ```
    /// use heard_web::chart::Measure;
    ///
    /// assert_eq!(Measure::Count.text(1_204), "1,204");
    /// assert_eq!(Measure::Time.text(11_100_000), "3h 05m");
    /// ```
    pub fn text(self, value: u64) -> String {
        self.written(value.into())
    }

    /// As [`text`](Self::text), also for the mark above the largest value.
    pub(crate) fn written(self, value: u128) -> String {
        match self {
            Self::Count => grouped(value),
            Self::Hundredths => grouped(value.saturating_add(50) / 100),
            Self::Time => {
                let minutes = value / 60_000;
                format!("{}h {:02}m", grouped(minutes / 60), minutes % 60)
            }
        }
    }

    /// Values from zero on, equally far apart, the last no less than `most`; at most `intervals` apart from the first.
    pub(crate) fn marks(self, most: u64, intervals: usize) -> Vec<u128> {
        let (most, intervals) = (u128::from(most.max(1)), intervals.max(1));
        let enough = |step: &u128| most.div_ceil(*step) <= intervals as u128;
        let step = self.steps().find(enough).unwrap_or(most);
        let last = most.div_ceil(step);
        (0..=last).map(|mark| mark * step).collect()
    }

    /// Round distances, from small to large.
    fn steps(self) -> impl Iterator<Item = u128> {
        let (below, unit): (&[u128], u128) = match self {
            Self::Count => (&[], 1),
            Self::Hundredths => (&[], 100),
            Self::Time => (&[MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE], HOUR),
        };
        let decades = (0..20_u32).flat_map(move |power| [1, 2, 5].map(|digit| digit * 10_u128.pow(power) * unit));
        below.iter().copied().chain(decades)
    }
}

/// All of them together, as far as numbers go.
pub(crate) fn total(values: impl IntoIterator<Item = u64>) -> u64 {
    values.into_iter().fold(0, u64::saturating_add)
}

/// How much of `most` a value is, from 0 to 1.
pub(crate) fn part(value: u64, most: u64) -> f64 {
    value as f64 / most.max(1) as f64
}

fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn marks_are_round() {
        assert_eq!(Measure::Count.marks(312, 5), [0, 100, 200, 300, 400]);
        assert_eq!(Measure::Count.marks(0, 5), [0, 1]);
        assert_eq!(Measure::Count.marks(7, 1), [0, 10]);
        assert_eq!(Measure::Hundredths.marks(312, 5), [0, 100, 200, 300, 400]);
        assert_eq!([0, 49, 50, 120_449].map(|value| Measure::Hundredths.text(value)), ["0", "0", "1", "1,204"]);
        assert_eq!(Measure::Time.marks(50 * 60_000, 4), [0, 15, 30, 45, 60].map(|minutes| minutes * 60_000));
    }

    proptest! {
        #[test]
        fn marks_reach_every_value(most in any::<u64>(), intervals in 1..12_usize) {
            for measure in [Measure::Count, Measure::Time, Measure::Hundredths] {
                let marks = measure.marks(most, intervals);
                prop_assert!(marks.len() >= 2 && marks.len() <= intervals + 1);
                prop_assert_eq!(marks[0], 0);
                prop_assert!(marks.is_sorted() && marks.last() >= Some(&u128::from(most)));
                prop_assert!(marks.windows(2).all(|pair| pair[1] - pair[0] == marks[1]));
            }
        }
    }
}
