//! What the listener said of suggestions.

use std::collections::{BTreeMap, HashSet};

use crate::identity::NameKey;
use crate::rules::{Name, Rule};
use crate::store::KeptRule;

/// What is liked and what is not to be suggested again. Of several decisions about one name the last holds.
#[derive(Clone, Debug, Default)]
pub struct Feedback {
    liked: BTreeMap<NameKey, Name>,
    dismissed: HashSet<NameKey>,
}

impl Feedback {
    /// What holds of these rules, which are in the order of deciding. What is hidden is not to be suggested, either.
    #[must_use]
    pub fn of(rules: &[KeptRule]) -> Self {
        let mut feedback = Self::default();
        for rule in rules.iter().filter(|kept| kept.holds()).filter_map(|kept| kept.rule.as_ref()) {
            match rule {
                Rule::Like { name } => {
                    feedback.dismissed.remove(&NameKey::of(name));
                    feedback.liked.insert(NameKey::of(name), name.clone());
                }
                Rule::Dismiss { name } | Rule::Hide { name } => {
                    feedback.liked.remove(&NameKey::of(name));
                    feedback.dismissed.insert(NameKey::of(name));
                }
                _ => {}
            }
        }
        feedback
    }

    /// What is liked, ordered by name.
    pub(super) fn liked(&self) -> impl Iterator<Item = &Name> {
        self.liked.values()
    }

    /// Whether the listener said that they like it.
    #[must_use]
    pub fn is_liked(&self, name: &Name) -> bool {
        self.liked.contains_key(&NameKey::of(name))
    }

    /// Whether it, or its artist, is not to be suggested.
    #[must_use]
    pub fn is_dismissed(&self, name: &Name) -> bool {
        [NameKey::of(name), NameKey::of_artist(name)].iter().any(|key| self.dismissed.contains(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artist(artist: &str) -> Name {
        Name::Artist { artist: artist.to_owned() }
    }

    fn of(rules: Vec<(Rule, bool)>) -> Feedback {
        let kept =
            (1..).zip(rules).map(|(id, (rule, revoked))| KeptRule { id, decided_at: 0, rule: Some(rule), revoked });
        Feedback::of(&kept.collect::<Vec<_>>())
    }

    #[test]
    fn the_last_word_counts_and_what_was_taken_back_does_not() {
        let like = |name: &str| Rule::Like { name: artist(name) };
        let dismiss = |name: &str| Rule::Dismiss { name: artist(name) };
        let feedback = of(vec![
            (like("Ada"), false),
            (dismiss("ADA"), false),
            (dismiss("Bo"), false),
            (like(" bo "), false),
            (dismiss("Cy"), true),
            (Rule::Hide { name: artist("Di") }, false),
        ]);
        assert!(feedback.is_dismissed(&artist("ada")) && !feedback.is_liked(&artist("Ada")));
        assert!(feedback.is_liked(&artist("Bo")) && !feedback.is_dismissed(&artist("Bo")));
        assert!(!feedback.is_dismissed(&artist("Cy")) && feedback.is_dismissed(&artist("Di")));
        assert_eq!(feedback.liked().collect::<Vec<_>>(), [&artist(" bo ")]);
    }

    #[test]
    fn nothing_of_a_dismissed_artist_is_suggested() {
        let track = |artist: &str, title: &str| Name::Track { artist: artist.to_owned(), title: title.to_owned() };
        let feedback = of(vec![
            (Rule::Dismiss { name: artist("Ada") }, false),
            (Rule::Dismiss { name: track("Bo", "One") }, false),
        ]);
        assert!(feedback.is_dismissed(&track("Ada", "Any")));
        assert!(feedback.is_dismissed(&track("bo", "one")));
        assert!(!feedback.is_dismissed(&track("Bo", "Two")) && !feedback.is_dismissed(&artist("Bo")));
    }
}
