//! Texts that stand for themselves between quotation marks, in TOML as in JSON, told eight bytes at a time.

/// Returns how many bytes at the start stand for themselves in a string between two of `quote`: printable ASCII, neither
/// `quote` nor a backslash. Eight are looked at together.
pub fn clear(bytes: &[u8], quote: u8) -> usize {
    const ONES: u64 = u64::MAX / 0xff;
    const HIGH: u64 = ONES * 0x80;
    // The high bit of each byte that is zero; above the first such byte there may be more.
    let zero = |eight: u64| eight.wrapping_sub(ONES) & !eight & HIGH;
    let mut at = 0;
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let eight = u64::from_le_bytes(*chunk);
        let control = eight.wrapping_sub(ONES * 0x20) & !eight;
        let del_or_above = eight | eight.wrapping_add(ONES);
        let quoted = zero(eight ^ (ONES * u64::from(quote))) | zero(eight ^ (ONES * u64::from(b'\\')));
        let found = (control | del_or_above | quoted) & HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let rest = bytes.get(at..).unwrap_or_default();
    let of_note = |byte: &u8| !matches!(byte, b' '..=b'~') || *byte == quote || *byte == b'\\';
    at + rest.iter().position(of_note).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clear_stops_at_the_first_byte_that_does_not_stand_for_itself() {
        for quote in [b'"', b'\''] {
            for byte in 0..=u8::MAX {
                for (at, length) in (0..20).flat_map(|at| [(at, at + 1), (at, 20), (at, 33)]) {
                    let mut bytes = vec![b'~'; length];
                    bytes[at] = byte;
                    // What comes later changes nothing.
                    if let Some(last) = bytes.get_mut(at + 1..).and_then(<[u8]>::last_mut) {
                        *last = 0x7f;
                    }
                    let ordinary = matches!(byte, b' '..=b'~') && byte != quote && byte != b'\\';
                    let expected = if !ordinary {
                        at
                    } else if at + 1 < length {
                        length - 1
                    } else {
                        length
                    };
                    assert_eq!(clear(&bytes, quote), expected, "{byte:#x} at {at} of {length}");
                }
            }
        }
    }
}
