//! Which characters the shipped fonts and those of a workspace can show, known without any typesetting.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

/// Ranges of code points in the shipped fonts, ascending. A test holds the table against the fonts.
const SHIPPED: &str = include_str!("../../policy/vocabulary/glyphs.csv");

static RANGES: LazyLock<Vec<RangeInclusive<u32>>> = LazyLock::new(|| {
    SHIPPED
        .lines()
        .filter_map(|line| {
            let (first, last) = line.split_once(',')?;
            let number = |text: &str| u32::from_str_radix(text, 16).ok();
            Some(number(first)?..=number(last)?)
        })
        .collect()
});

/// Whether a font that comes with relto has the character.
pub fn shipped(c: char) -> bool {
    let point = u32::from(c);
    let at = RANGES.partition_point(|range| *range.end() < point);
    RANGES.get(at).is_some_and(|range| range.contains(&point))
}

/// Whether one of these font files (.ttf, .otf, or a collection) has the character. What is no font has none.
pub fn within(fonts: &[Vec<u8>], c: char) -> bool {
    fonts.iter().any(|data| {
        let faces = ttf_parser::fonts_in_collection(data).unwrap_or(1);
        (0..faces).any(|index| {
            ttf_parser::Face::parse(data, index)
                .ok()
                .and_then(|face| face.glyph_index(c))
                .is_some_and(|glyph| glyph.0 != 0)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_ascending_and_read_whole() {
        assert_eq!(
            SHIPPED.lines().count(),
            RANGES.len() + 1,
            "one heading, then a range a line"
        );
        assert!(RANGES.windows(2).all(|pair| *pair[0].end() + 1 < *pair[1].start()));
        for c in "Az09 éüßŁŻąćęłńóśźż Nguyễn Thị Ánh Александр Ґґ Γιώργος אברהם محمد “”—–…".chars()
        {
            assert!(shipped(c), "{c}");
        }
        for c in "漢字한글กไทยবাং😀".chars() {
            assert!(!shipped(c), "{c}");
        }
        assert!(!within(&[b"no font".to_vec()], 'a'));
    }
}
