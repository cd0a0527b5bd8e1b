//! A set of a few known things as bits of one number: no allocation, iterated in the order of the things.

use std::fmt;
use std::marker::PhantomData;

/// A thing with a place of its own among at most 32.
pub trait Ordinal: Copy + 'static {
    /// Every such thing, in order.
    const EVERY: &'static [Self];

    /// The place among all of them.
    fn ordinal(self) -> usize;
}

/// A set of such things.
pub struct Few<T> {
    bits: u32,
    of: PhantomData<T>,
}

impl<T: Ordinal> Few<T> {
    /// The set without a member.
    pub fn new() -> Self {
        Self::default()
    }

    pub fn contains(&self, one: T) -> bool {
        self.bits & (1 << one.ordinal()) != 0
    }

    /// Adds a member; returns false if it was there already.
    pub fn insert(&mut self, one: T) -> bool {
        let before = self.bits;
        self.bits |= 1 << one.ordinal();
        self.bits != before
    }

    pub fn is_empty(&self) -> bool {
        self.bits == 0
    }

    pub fn is_subset(&self, other: &Self) -> bool {
        self.bits & !other.bits == 0
    }

    /// The members in order.
    pub fn iter(&self) -> impl Iterator<Item = T> + use<T> {
        let mut bits = self.bits;
        std::iter::from_fn(move || {
            let one = *T::EVERY.get(usize::try_from(bits.trailing_zeros()).ok()?)?;
            bits &= bits - 1;
            Some(one)
        })
    }
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self {
            bits: 0,
            of: PhantomData,
        }
    }
}

impl<T> Clone for Few<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Few<T> {}

impl<T> PartialEq for Few<T> {
    fn eq(&self, other: &Self) -> bool {
        self.bits == other.bits
    }
}

impl<T> Eq for Few<T> {}

impl<T: Ordinal + fmt::Debug> fmt::Debug for Few<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

impl<T: Ordinal> FromIterator<T> for Few<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        let mut found = Self::new();
        found.extend(items);
        found
    }
}

impl<T: Ordinal> Extend<T> for Few<T> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, items: I) {
        for item in items {
            self.insert(item);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::marking::register::Control;

    #[test]
    fn a_set_of_few_is_a_set() {
        let mut set = Few::new();
        assert!(set.is_empty() && set.iter().next().is_none());
        assert!(set.insert(Control::DisplayOnly) && set.insert(Control::Rsen) && !set.insert(Control::Rsen));
        assert_eq!(set.iter().collect::<Vec<_>>(), [Control::Rsen, Control::DisplayOnly]);
        assert!(set.contains(Control::Rsen) && !set.contains(Control::Fouo));
        assert!(set.is_subset(&Control::EVERY.iter().copied().collect()));
    }
}
