//! How unevenly plays are spread.

/// How plays spread over artists.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Concentration {
    /// The Gini coefficient: 0 where every artist has as many plays as every other, towards 1 where one has them all.
    pub gini: f64,
    /// The share of the ten most heard in all plays, 0 to 1.
    pub top_ten_share: f64,
    /// Shannon's entropy in bits: how many yes-no questions it takes, on the average and well asked, to guess the
    /// artist of a play.
    pub entropy_bits: f64,
}

impl Concentration {
    /// Of so many plays each. All is 0 without plays.
    #[expect(clippy::cast_precision_loss, reason = "plays are fewer than 2^52")]
    pub(super) fn of(mut counts: Vec<u64>) -> Self {
        counts.sort_unstable();
        let total: u64 = counts.iter().sum();
        if total == 0 {
            return Self::default();
        }
        let (all, many) = (total as f64, counts.len() as f64);
        let weighted: f64 = counts.iter().zip(1_u32..).map(|(plays, nth)| f64::from(nth) * *plays as f64).sum();
        let entropy: f64 = counts.iter().map(|plays| *plays as f64 / all).map(|share| -share * share.log2()).sum();
        Self {
            gini: 2.0 * weighted / (many * all) - (many + 1.0) / many,
            top_ten_share: counts.iter().rev().take(10).sum::<u64>() as f64 / all,
            entropy_bits: entropy.max(0.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    #[test]
    fn even_and_uneven_histories() {
        assert_eq!(Concentration::of(Vec::new()), Concentration::default());
        let one = Concentration::of(vec![7]);
        assert!(near(one.gini, 0.0) && near(one.top_ten_share, 1.0) && near(one.entropy_bits, 0.0));
        let even = Concentration::of(vec![5; 16]);
        assert!(near(even.gini, 0.0) && near(even.top_ten_share, 0.625) && near(even.entropy_bits, 4.0));
        // Of four artists one has half of the plays, one a quarter, two an eighth.
        let uneven = Concentration::of(vec![1, 4, 1, 2]);
        assert!(near(uneven.gini, 0.3125) && near(uneven.entropy_bits, 1.75), "{uneven:?}");
    }
}
