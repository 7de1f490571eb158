//! Texts that show what they hold: nothing invisible in them, nothing that turns the reading direction, and something to see.
//!
//! The classes are Unicode's own properties (UCD, by `icu_properties`), not a list of the characters somebody has tried.

use icu_properties::props::{
    BidiControl, CanonicalCombiningClass, DefaultIgnorableCodePoint, Emoji, EmojiModifier,
    ExtendedPictographic, GeneralCategory, GeneralCategoryGroup, Ideographic, JoiningType,
    NoncharacterCodePoint,
};
use icu_properties::{CodePointMapData, CodePointSetData};

const ZERO_WIDTH_NON_JOINER: char = '\u{200c}';
const ZERO_WIDTH_JOINER: char = '\u{200d}';
/// Chooses how the emoji before it is drawn: as text, as a picture.
const EMOJI_STYLES: std::ops::RangeInclusive<char> = '\u{fe0e}'..='\u{fe0f}';
/// Choose among the forms of the ideograph before them.
const IDEOGRAPH_FORMS: std::ops::RangeInclusive<char> = '\u{e0100}'..='\u{e01ef}';
/// The flag that letters of tags turn into one of England, Scotland or Wales.
const BLACK_FLAG: char = '\u{1f3f4}';
const TAGS: std::ops::RangeInclusive<char> = '\u{e0020}'..='\u{e007e}';
const TAGS_END: char = '\u{e007f}';
/// The most tags of one flag: a country of two letters and a part of three or four.
const MOST_TAGS: usize = 6;
/// A cell of Braille without a dot: counted as a symbol, and nothing to see.
const BLANK_BRAILLE: char = '\u{2800}';

/// Why a text cannot be shown as it is, as the end of a sentence that begins with the field's name. `None` when it can.
///
/// Refused are control characters, line and paragraph separators, noncharacters, everything that steers the reading direction
/// (`Bidi_Control`), and everything that is not drawn (`Default_Ignorable_Code_Point`) unless it has work to do where it stands:
/// a joiner inside an emoji or a joining script, a style behind an emoji, a form behind an ideograph, the tags of a flag. A text
/// with nothing but blanks and marks shows nothing, and is refused as well.
pub(crate) fn fault(text: &str) -> Option<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut at = 0;
    while at < characters.len() {
        let Some(length) = shown_from(&characters, at) else {
            return Some(format!(
                "holds the character U+{:04X}, which is not allowed: it cannot be seen or changes how the text reads",
                u32::from(characters[at])
            ));
        };
        at += length;
    }
    let seen = characters.iter().any(|c| is_seen(*c));
    (!seen).then(|| "must not be empty: it holds nothing that can be seen".to_owned())
}

/// Whether a character alone would not be drawn, or would change how others are.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{fff9}'..='\u{fffb}')
        || CodePointSetData::new::<BidiControl>().contains(c)
        || CodePointSetData::new::<DefaultIgnorableCodePoint>().contains(c)
        || CodePointSetData::new::<NoncharacterCodePoint>().contains(c)
}

/// How many characters belong together from here on, all of them fit to be shown. `None` when the first is not.
fn shown_from(characters: &[char], at: usize) -> Option<usize> {
    let c = characters[at];
    if c == BLACK_FLAG {
        return Some(1 + tags(&characters[at + 1..]));
    }
    if !is_hidden(c) {
        return Some(1);
    }
    let before = &characters[..at];
    let last = *before.last()?;
    let fits = match c {
        ZERO_WIDTH_JOINER => joins_emoji(before, characters.get(at + 1)) || joins_letters(before),
        ZERO_WIDTH_NON_JOINER => joins_letters(before),
        c if EMOJI_STYLES.contains(&c) => CodePointSetData::new::<Emoji>().contains(last),
        c if IDEOGRAPH_FORMS.contains(&c) => CodePointSetData::new::<Ideographic>().contains(last),
        _ => false,
    };
    fits.then_some(1)
}

/// How many characters behind a black flag are its tags; none unless they are well formed.
fn tags(rest: &[char]) -> usize {
    let count = rest.iter().take_while(|c| TAGS.contains(*c)).count();
    let is_flag = (1..=MOST_TAGS).contains(&count) && rest.get(count) == Some(&TAGS_END);
    if is_flag { count + 1 } else { 0 }
}

/// Whether a joiner here ties two pictures into one.
fn joins_emoji(before: &[char], next: Option<&char>) -> bool {
    let pictographic = CodePointSetData::new::<ExtendedPictographic>();
    let modifier = CodePointSetData::new::<EmojiModifier>();
    let first = before
        .iter()
        .rev()
        .find(|c| !EMOJI_STYLES.contains(*c) && !modifier.contains(**c));
    first.is_some_and(|c| pictographic.contains(*c))
        && next.is_some_and(|c| pictographic.contains(*c))
}

/// Whether a joiner here shapes a letter of a joining script, or a consonant of an Indic one (compare RFC 5892, appendix A).
fn joins_letters(before: &[char]) -> bool {
    let joining = CodePointMapData::<JoiningType>::new();
    let class = CodePointMapData::<CanonicalCombiningClass>::new();
    if before
        .last()
        .is_some_and(|c| class.get(*c) == CanonicalCombiningClass::Virama)
    {
        return true;
    }
    let letter = before
        .iter()
        .rev()
        .find(|c| joining.get(**c) != JoiningType::Transparent);
    letter.is_some_and(|c| {
        matches!(
            joining.get(*c),
            JoiningType::DualJoining | JoiningType::RightJoining | JoiningType::LeftJoining
        )
    })
}

fn is_seen(c: char) -> bool {
    let category = CodePointMapData::<GeneralCategory>::new().get(c);
    let drawn = GeneralCategoryGroup::Letter
        .union(GeneralCategoryGroup::Number)
        .union(GeneralCategoryGroup::Punctuation)
        .union(GeneralCategoryGroup::Symbol)
        .contains(category);
    drawn && c != BLANK_BRAILLE && !is_hidden(c)
}

#[cfg(test)]
mod tests {
    use super::{fault, is_hidden};

    #[test]
    fn texts_that_people_write_are_taken() {
        for text in [
            "Order 1001",
            "Größe 42 · “quoted” <b>&amp;</b>",
            "注文 №1",
            "!",
            "é",
            "e\u{301}",
            "👩‍👩‍👧",
            "👩🏽‍🚀 suit",
            "🏳️‍🌈",
            "❤️ and ☎︎",
            "1️⃣",
            "🏴󠁧󠁢󠁳󠁣󠁴󠁿",
            "🏴‍☠️",
            // Persian: half-spaces inside words, also behind letters that do not join on.
            "می‌خواهم",
            "کتاب‌ها و دفتر‌ها",
            "ه‍.",
            // Hindi, Bengali, Sinhala: a joiner behind a virama.
            "क्‍ष",
            "শ্রী\u{9cd}\u{200d}",
            "ශ්‍රී",
            "葛\u{e0100}城市",
            "שלום",
            "مرحبا",
        ] {
            assert_eq!(fault(text), None, "{text:?}");
        }
    }

    #[test]
    fn texts_that_hide_something_are_refused() {
        for c in "\u{0}\u{7}\n\t\u{7f}\u{85}\u{ad}\u{34f}\u{61c}\u{115f}\u{1160}\u{17b4}\u{17b5}\u{180b}\u{180e}\u{200b}\u{200c}\u{200d}\
                  \u{200e}\u{200f}\u{2028}\u{2029}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2060}\u{2061}\u{2062}\u{2063}\u{2064}\u{2065}\
                  \u{2066}\u{2067}\u{2068}\u{2069}\u{206a}\u{206f}\u{3164}\u{fe00}\u{fe0e}\u{fe0f}\u{feff}\u{ffa0}\u{fff0}\u{fff9}\u{ffff}\
                  \u{1bca0}\u{1d173}\u{e0001}\u{e0020}\u{e0041}\u{e007f}\u{e0100}\u{e01ef}\u{e0fff}\u{10ffff}"
            .chars()
        {
            for text in [c.to_string(), format!("Order{c}1001"), format!("{c}Order"), format!("Order{c}")] {
                let said = fault(&text).unwrap_or_else(|| panic!("{text:?} was taken"));
                assert!(said.contains(&format!("U+{:04X}", u32::from(c))), "{text:?}: {said}");
            }
        }
        // Well-placed characters do not open the door for others.
        for text in [
            "👩‍",
            "👩‍x",
            "x‍👩",
            "می‌‌خواهم",
            "❤️️",
            "🏴󠁧󠁢󠁳󠁣󠁴",
            "🏴\u{e0041}\u{e0042}\u{e0043}\u{e0044}\u{e0045}\u{e0046}\u{e0047}\u{e007f}",
            "a\u{e0100}",
        ] {
            assert!(fault(text).is_some(), "{text:?}");
        }
    }

    #[test]
    fn nothing_to_see_is_empty() {
        for text in [
            "",
            " ",
            "\u{a0}\u{3000}\u{2003}",
            "\u{301}",
            "\u{2800}\u{2800}",
            " \u{20dd}",
        ] {
            let said = fault(text).unwrap_or_else(|| panic!("{text:?} was taken"));
            assert!(said.contains("must not be empty"), "{text:?}: {said}");
        }
    }

    #[test]
    fn no_character_without_ink_stands_alone_anywhere() {
        // Every character there is, against the general categories: format and control characters that nobody may place freely.
        let free = ('\u{0}'..=char::MAX).filter(|c| !is_hidden(*c));
        let odd: Vec<char> = free
            .filter(|c| fault(&format!("a{c}b")).is_some())
            .collect();
        assert!(odd.is_empty(), "{odd:?}");
        let hidden = ('\u{0}'..=char::MAX).filter(|c| is_hidden(*c)).count();
        assert!(hidden > 4_000, "the property is Unicode's own: {hidden}");
    }
}
