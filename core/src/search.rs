//! Finding words without a network: text is folded (accents and case dropped), a query is words
//! that must all occur.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Folds text for comparison: 'José' and 'jose' are the same.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The words of a query, folded.
pub fn words(query: &str) -> Vec<String> {
    query.split_whitespace().map(fold).collect()
}

/// Some words of `text` around the first of `words` that occurs in it.
pub fn excerpt(text: &str, words: &[String]) -> Option<String> {
    const AROUND: usize = 40;
    let folded: Vec<char> = text.chars().collect();
    let haystack: Vec<String> = folded.iter().map(|c| fold(&c.to_string())).collect();
    let joined = haystack.concat();
    let byte = words
        .iter()
        .filter_map(|word| joined.find(word.as_str()))
        .min()?;
    let mut passed = 0;
    let at = haystack.iter().take_while(|c| {
        passed += c.len();
        passed <= byte
    });
    let at = at.count();
    let from = at.saturating_sub(AROUND);
    let part: String = folded.iter().skip(from).take(2 * AROUND + 20).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if from + 2 * AROUND + 20 < folded.len() {
        "…"
    } else {
        ""
    };
    Some(format!("{before}{}{after}", part.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_accents_and_case() {
        assert_eq!(fold("José ÁLVAREZ ñ"), "jose alvarez n");
        assert_eq!(words("  José  Álvarez "), ["jose", "alvarez"]);
    }

    #[test]
    fn an_excerpt_shows_the_place() {
        let text = format!("{} Señora Peña called {}", "x ".repeat(60), "y ".repeat(60));
        let found = excerpt(&text, &words("pena")).unwrap();
        assert!(
            found.contains("Señora Peña called") && found.starts_with('…') && found.ends_with('…')
        );
        assert_eq!(excerpt(&text, &words("absent")), None);
    }
}
