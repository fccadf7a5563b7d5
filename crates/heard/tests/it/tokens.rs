//! What the house rules need to know of a Rust file, read from its tokens.
//!
//! Tokens and not text, so that a brace in a string or a word in a comment cannot mislead;
//! tokens and not a syntax tree, so that macro bodies are read too.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use std::ops::RangeInclusive;

/// Words that begin an item; anything else under an attribute is a field or a variant.
const ITEM_WORDS: [&str; 16] = [
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "let",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
    "unsafe",
    "use",
];

/// A function with a body.
pub(crate) struct Function {
    pub(crate) name: String,
    /// The line of the word `fn`.
    pub(crate) line: usize,
    /// From the word `fn` to the closing brace, both lines included.
    pub(crate) lines: usize,
}

/// What was found in one file; every number is a line, counted from 1.
#[derive(Default)]
pub(crate) struct Findings {
    /// Functions outside tests.
    pub(crate) functions: Vec<Function>,
    /// Traits declared outside tests.
    pub(crate) traits: Vec<(String, usize)>,
    /// `.unwrap()` and its kin outside tests.
    pub(crate) unwraps: Vec<usize>,
    /// `.expect("…")` outside tests whose text is too short to be an invariant.
    pub(crate) terse_expects: Vec<usize>,
    /// `allow` and `expect` attributes without a reason, anywhere.
    pub(crate) silent_allows: Vec<usize>,
    /// Ignored tests and ignored examples, anywhere.
    pub(crate) ignored: Vec<usize>,
    /// Modules declared or written here, anywhere.
    pub(crate) modules: Vec<(String, usize)>,
    /// Modules of their own file that are compiled for tests only.
    pub(crate) test_modules: Vec<String>,
    /// Lines that are compiled for tests only, attributes and doc comments included.
    pub(crate) test_lines: Vec<RangeInclusive<usize>>,
}

impl Findings {
    /// Reads a file's text; `test` says that the whole file is test code.
    pub(crate) fn read(text: &str, test: bool) -> Result<Findings, String> {
        let tokens: TokenStream = text.parse().map_err(|e| format!("{e}"))?;
        let mut findings = Findings::default();
        if test || has_inner_test_attribute(&tokens) {
            findings.test_lines.push(1..=text.lines().count().max(1));
            findings.scan(tokens, true);
        } else {
            findings.scan(tokens, false);
        }
        Ok(findings)
    }

    /// Whether a line is compiled for tests only.
    pub(crate) fn is_test_line(&self, line: usize) -> bool {
        self.test_lines.iter().any(|range| range.contains(&line))
    }

    fn scan(&mut self, tokens: TokenStream, test: bool) {
        let trees: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < trees.len() {
            let (attributes, after) = attributes_at(&trees, at);
            if attributes.is_empty() {
                self.note(&trees, at, test);
                if let TokenTree::Group(group) = &trees[at] {
                    self.scan(group.stream(), test);
                }
                at += 1;
                continue;
            }
            for attribute in &attributes {
                self.note_attribute(attribute);
            }
            if !test && attributes.iter().any(is_test_attribute) {
                let end = end_of_item(&trees, after);
                self.note_test_item(&trees[at..end], &trees[after..end]);
                at = end;
            } else {
                at = after;
            }
        }
    }

    fn note_test_item(&mut self, whole: &[TokenTree], item: &[TokenTree]) {
        let (Some(first), Some(last)) = (whole.first(), whole.last()) else {
            return;
        };
        self.test_lines.push(first.span().start().line..=last.span().end().line);
        if let Some(name) = item.iter().position(|t| is_word(t, "mod"))
            && let Some(TokenTree::Ident(name)) = item.get(name + 1)
            && !matches!(last, TokenTree::Group(_))
        {
            self.test_modules.push(name.to_string());
        }
        self.scan(item.iter().cloned().collect(), true);
    }

    /// Notes what begins at one token.
    fn note(&mut self, trees: &[TokenTree], at: usize, test: bool) {
        let TokenTree::Ident(word) = &trees[at] else {
            return;
        };
        let line = word.span().start().line;
        let name = match trees.get(at + 1) {
            Some(TokenTree::Ident(name)) => Some(name.to_string()),
            _ => None,
        };
        match (word.to_string().as_str(), name) {
            ("mod", Some(name)) => self.modules.push((name, line)),
            ("trait", Some(name)) if !test => self.traits.push((name, line)),
            ("fn", Some(name)) if !test => {
                if let Some(body) = body_after(&trees[at..]) {
                    let lines = body.span_close().end().line - line + 1;
                    self.functions.push(Function { name, line, lines });
                }
            }
            ("unwrap" | "unwrap_err" | "expect_err", None) if !test && is_call(trees, at) => {
                self.unwraps.push(line);
            }
            ("expect", None) if !test && is_call(trees, at) && is_terse(&trees[at + 1]) => {
                self.terse_expects.push(line);
            }
            _ => {}
        }
    }

    fn note_attribute(&mut self, attribute: &Group) {
        let line = attribute.span().start().line;
        let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
        let Some(TokenTree::Ident(name)) = trees.first() else {
            return;
        };
        match name.to_string().as_str() {
            "ignore" => self.ignored.push(line),
            "doc" if trees.last().is_some_and(|t| is_ignored_example(&t.to_string())) => {
                self.ignored.push(line);
            }
            "allow" | "expect" | "cfg_attr" if lacks_reason(&trees) => {
                self.silent_allows.push(line);
            }
            _ => {}
        }
    }
}

/// The outer or inner attributes that stand at a token, and where they end.
fn attributes_at(trees: &[TokenTree], mut at: usize) -> (Vec<Group>, usize) {
    let mut found = Vec::new();
    while let Some(TokenTree::Punct(hash)) = trees.get(at)
        && hash.as_char() == '#'
    {
        let inner = matches!(trees.get(at + 1), Some(TokenTree::Punct(p)) if p.as_char() == '!');
        let group = at + 1 + usize::from(inner);
        match trees.get(group) {
            Some(TokenTree::Group(attribute)) if attribute.delimiter() == Delimiter::Bracket => {
                found.push(attribute.clone());
                at = group + 1;
            }
            _ => break,
        }
    }
    (found, at)
}

/// `#[test]`, `#[tokio::test]` and the like, and every `cfg` that asks for `test`.
fn is_test_attribute(attribute: &Group) -> bool {
    let trees: Vec<TokenTree> = attribute.stream().into_iter().collect();
    match trees.first() {
        Some(first) if is_word(first, "cfg") => {
            matches!(trees.get(1), Some(TokenTree::Group(condition)) if asks_for_test(condition))
        }
        _ => {
            let path = trees.iter().take_while(|t| !matches!(t, TokenTree::Group(_)));
            path.last().is_some_and(|t| is_word(t, "test"))
        }
    }
}

/// True for `test` and `all(test, …)`; `any(test, …)` and `not(test)` are in the product too.
fn asks_for_test(condition: &Group) -> bool {
    let trees: Vec<TokenTree> = condition.stream().into_iter().collect();
    trees.iter().enumerate().any(|(at, tree)| match tree {
        TokenTree::Group(inner) => at > 0 && is_word(&trees[at - 1], "all") && asks_for_test(inner),
        tree => is_word(tree, "test"),
    })
}

fn has_inner_test_attribute(tokens: &TokenStream) -> bool {
    let trees: Vec<TokenTree> = tokens.clone().into_iter().collect();
    trees.windows(3).any(|three| match three {
        [TokenTree::Punct(hash), TokenTree::Punct(bang), TokenTree::Group(group)] => {
            hash.as_char() == '#' && bang.as_char() == '!' && is_test_attribute(group)
        }
        _ => false,
    })
}

/// One past the last token of the item, field or variant that begins at `from`.
fn end_of_item(trees: &[TokenTree], from: usize) -> usize {
    let is_item = matches!(trees.get(from), Some(TokenTree::Ident(word))
        if ITEM_WORDS.contains(&word.to_string().as_str()));
    for (at, tree) in trees.iter().enumerate().skip(from) {
        match tree {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => return at + 1,
            TokenTree::Punct(mark) if mark.as_char() == ';' => return at + 1,
            TokenTree::Punct(mark) if mark.as_char() == ',' && !is_item => return at + 1,
            _ => {}
        }
    }
    trees.len()
}

/// The body of the function that begins here; `None` for one that is only declared.
fn body_after(trees: &[TokenTree]) -> Option<&Group> {
    for tree in trees {
        match tree {
            TokenTree::Group(body) if body.delimiter() == Delimiter::Brace => return Some(body),
            TokenTree::Punct(mark) if mark.as_char() == ';' => return None,
            _ => {}
        }
    }
    None
}

fn is_word(tree: &TokenTree, word: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == word)
}

/// Whether the word at `at` is called as a method: `.word(…)`.
fn is_call(trees: &[TokenTree], at: usize) -> bool {
    let dotted = at > 0 && matches!(&trees[at - 1], TokenTree::Punct(mark) if mark.as_char() == '.');
    let called = matches!(trees.get(at + 1), Some(TokenTree::Group(arguments))
        if arguments.delimiter() == Delimiter::Parenthesis);
    dotted && called
}

/// Whether the argument is one string of fewer than three words.
fn is_terse(arguments: &TokenTree) -> bool {
    let TokenTree::Group(arguments) = arguments else {
        return false;
    };
    let trees: Vec<TokenTree> = arguments.stream().into_iter().collect();
    match trees.as_slice() {
        [TokenTree::Literal(text)] => {
            let text = text.to_string();
            text.starts_with('"') && text.split_whitespace().count() < 3
        }
        _ => false,
    }
}

/// Whether an example in a doc comment begins with a fence that asks to be passed over.
fn is_ignored_example(doc: &str) -> bool {
    let mut fence = doc.split("```").skip(1);
    fence.any(|info| {
        let info = info.split(['\\', '\n', '"']).next().unwrap_or_default();
        info.split(',').any(|word| word.trim().starts_with("ignore"))
    })
}

/// Whether an `allow(…)` or `expect(…)` stands here, or deeper, without `reason`.
fn lacks_reason(trees: &[TokenTree]) -> bool {
    trees.windows(2).any(|two| match two {
        [TokenTree::Ident(word), TokenTree::Group(group)] => {
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            let silences = *word == "allow" || *word == "expect";
            (silences && !inside.iter().any(|t| is_word(t, "reason"))) || lacks_reason(&inside)
        }
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::Findings;

    fn read(text: &str) -> Findings {
        Findings::read(text, false).expect("the sample is Rust")
    }

    #[test]
    fn functions_are_measured_from_fn_to_closing_brace() {
        let found = read("/// Doc.\npub fn a(\n    x: [u8; 3],\n) -> u8 {\n    \"}\";\n    x[0]\n}\nfn b();");
        let sizes: Vec<_> = found.functions.iter().map(|f| (f.name.as_str(), f.line, f.lines)).collect();
        assert_eq!(sizes, [("a", 2, 6)]);
    }

    #[test]
    fn nested_functions_count_and_pointers_do_not() {
        let found = read("fn a(f: fn(u8) -> u8) {\n    fn b() {}\n}");
        let names: Vec<_> = found.functions.iter().map(|f| f.name.as_str()).collect();
        assert_eq!(names, ["a", "b"]);
    }

    #[test]
    fn test_items_are_told_from_the_product() {
        let found = read(concat!(
            "fn a() { b.unwrap(); }\n",
            "/// Doc.\n#[cfg(test)]\nmod tests {\n    trait T {}\n    fn c() { d.unwrap(); }\n}\n",
            "#[cfg(all(test, unix))]\nmod apart;\n",
            "#[cfg(not(test))]\nfn e() { f.unwrap(); }\n",
            "#[cfg(any(test, unix))]\nfn g() { h.unwrap(); }\n",
        ));
        assert_eq!(found.unwraps, [1, 11, 13]);
        assert_eq!(found.traits.len(), 0);
        assert_eq!(found.test_lines, [2..=7, 8..=9]);
        assert_eq!(found.test_modules, ["apart"]);
        let modules: Vec<_> = found.modules.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(modules, ["tests", "apart"]);
    }

    #[test]
    fn a_test_field_ends_at_its_comma() {
        let found = read("struct S {\n    #[cfg(test)]\n    a: u8,\n    b: u8,\n}");
        assert_eq!(found.test_lines, [2..=3]);
    }

    #[test]
    fn a_whole_file_may_be_test_code() {
        let found = read("#![cfg(test)]\nfn a() { b.unwrap(); }");
        assert!(found.unwraps.is_empty() && found.is_test_line(2));
    }

    #[test]
    fn unwrap_is_found_in_macros_and_not_in_text() {
        let found = read("fn a() {\n    print!(\"{}\", b.unwrap());\n    // c.unwrap()\n    \".unwrap()\";\n}");
        assert_eq!(found.unwraps, [2]);
        let found = read("fn a() { b.unwrap_or(1); unwrap(); c.unwrap_err(); }");
        assert_eq!(found.unwraps, [1]);
    }

    #[test]
    fn expect_wants_the_invariant_in_words() {
        let found = read(
            "fn a() {\n    b.expect(\"failed\");\n    b.expect(\"the list was filled above\");\n    b.expect(b'x');\n}",
        );
        assert_eq!(found.terse_expects, [2]);
    }

    #[test]
    fn traits_are_counted_by_declaration() {
        let found = read("pub trait A {}\nimpl A for B {}\nunsafe trait C: A {}");
        let names: Vec<_> = found.traits.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["A", "C"]);
    }

    #[test]
    fn an_allow_wants_a_reason() {
        let found = read(concat!(
            "#![allow(a)]\n",
            "#[allow(b, reason = \"c\")]\nfn d() {}\n",
            "#[cfg_attr(unix, expect(e))]\nfn f() {\n    #[allow(g)]\n    let h = 1;\n}\n",
        ));
        assert_eq!(found.silent_allows, [1, 4, 6]);
    }

    #[test]
    fn ignored_tests_and_examples_are_found() {
        let found = read(concat!(
            "/// ```ignore\n/// a\n/// ```\n#[test]\n#[ignore = \"slow\"]\nfn b() {}\n",
            "/// ```text\n/// c\n/// ```\nfn d() {}\n",
        ));
        assert_eq!(found.ignored, [1, 5]);
    }
}
