//! Values as bytes, in which the page and its worker write to each other. Both are one module of one build, so the bytes
//! need neither names nor a version, and reading cannot fail: what is not there is empty.

/// What travels between the page and its worker.
pub trait Wire: Sized {
    /// Writes it.
    fn put(&self, to: &mut Vec<u8>);
    /// Reads it.
    fn take(from: &mut Bytes<'_>) -> Self;

    /// It alone as bytes.
    fn packed(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        self.put(&mut bytes);
        bytes
    }

    /// What the bytes of one value stand for.
    fn unpacked(bytes: &[u8]) -> Self {
        Self::take(&mut Bytes { rest: bytes })
    }
}

/// What is still to be read.
pub struct Bytes<'a> {
    rest: &'a [u8],
}

impl Bytes<'_> {
    fn next(&mut self, count: usize) -> &[u8] {
        let (next, rest) = self.rest.split_at(count.min(self.rest.len()));
        self.rest = rest;
        next
    }

    fn array<const N: usize>(&mut self) -> [u8; N] {
        self.next(N).try_into().unwrap_or([0; N])
    }
}

impl Wire for u8 {
    fn put(&self, to: &mut Vec<u8>) {
        to.push(*self);
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        let [byte] = from.array();
        byte
    }
}

impl Wire for bool {
    fn put(&self, to: &mut Vec<u8>) {
        u8::from(*self).put(to);
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        u8::take(from) != 0
    }
}

impl Wire for u32 {
    #[inline(never)]
    fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    #[inline(never)]
    fn take(from: &mut Bytes<'_>) -> Self {
        Self::from_le_bytes(from.array())
    }
}

/// No message has four billion of anything.
impl Wire for usize {
    fn put(&self, to: &mut Vec<u8>) {
        (*self as u32).put(to);
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        u32::take(from) as Self
    }
}

impl Wire for f64 {
    #[inline(never)]
    fn put(&self, to: &mut Vec<u8>) {
        to.extend_from_slice(&self.to_le_bytes());
    }

    #[inline(never)]
    fn take(from: &mut Bytes<'_>) -> Self {
        Self::from_le_bytes(from.array())
    }
}

impl Wire for String {
    #[inline(never)]
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        to.extend_from_slice(self.as_bytes());
    }

    #[inline(never)]
    fn take(from: &mut Bytes<'_>) -> Self {
        let length = usize::take(from);
        Self::from_utf8(from.next(length).to_vec()).unwrap_or_default()
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, to: &mut Vec<u8>) {
        self.is_some().put(to);
        if let Some(value) = self {
            value.put(to);
        }
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        bool::take(from).then(|| T::take(from))
    }
}

impl<T: Wire, E: Wire> Wire for Result<T, E> {
    fn put(&self, to: &mut Vec<u8>) {
        self.is_ok().put(to);
        match self {
            Ok(value) => value.put(to),
            Err(error) => error.put(to),
        }
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        if bool::take(from) { Ok(T::take(from)) } else { Err(E::take(from)) }
    }
}

impl<T: Wire> Wire for Vec<T> {
    #[inline(never)]
    fn put(&self, to: &mut Vec<u8>) {
        self.len().put(to);
        for item in self {
            item.put(to);
        }
    }

    #[inline(never)]
    fn take(from: &mut Bytes<'_>) -> Self {
        let mut list = Self::new();
        for _ in 0..usize::take(from) {
            // Whatever the count says, there are no more items than bytes.
            if from.rest.is_empty() {
                break;
            }
            list.push(T::take(from));
        }
        list
    }
}

impl<T: Wire, const N: usize> Wire for [T; N] {
    fn put(&self, to: &mut Vec<u8>) {
        for item in self {
            item.put(to);
        }
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        std::array::from_fn(|_| T::take(from))
    }
}

impl<A: Wire, B: Wire> Wire for (A, B) {
    fn put(&self, to: &mut Vec<u8>) {
        self.0.put(to);
        self.1.put(to);
    }

    fn take(from: &mut Bytes<'_>) -> Self {
        (A::take(from), B::take(from))
    }
}

/// Lets a struct with these fields travel; the compiler misses any that is left out.
macro_rules! wire_struct {
    ($name:ident { $($field:ident),+ $(,)? }) => {
        impl $crate::wire::Wire for $name {
            fn put(&self, to: &mut Vec<u8>) {
                let Self { $($field),+ } = self;
                $($field.put(to);)+
            }

            fn take(from: &mut $crate::wire::Bytes<'_>) -> Self {
                Self { $($field: $crate::wire::Wire::take(from)),+ }
            }
        }
    };
}

/// Lets an enum travel: each variant after its number, the last for any other number.
macro_rules! wire_enum {
    (@take $from:ident $item:ident) => { $crate::wire::Wire::take($from) };
    (@one $from:ident $variant:ident) => { Self::$variant };
    (@one $from:ident $variant:ident ($($item:ident),+)) => {
        Self::$variant($(wire_enum!(@take $from $item)),+)
    };
    (@one $from:ident $variant:ident {$($field:ident),+}) => {
        Self::$variant { $($field: $crate::wire::Wire::take($from)),+ }
    };
    ($name:ident {
        $($number:literal => $variant:ident $(($($item:ident),+))? $({$($field:ident),+})?,)+
        _ => $last:ident $(($($last_item:ident),+))? $({$($last_field:ident),+})?
    }) => {
        impl $crate::wire::Wire for $name {
            fn put(&self, to: &mut Vec<u8>) {
                match self {
                    $(Self::$variant $(($($item),+))? $({$($field),+})? => {
                        to.push($number);
                        $($($item.put(to);)+)?
                        $($($field.put(to);)+)?
                    })+
                    Self::$last $(($($last_item),+))? $({$($last_field),+})? => {
                        to.push(u8::MAX);
                        $($($last_item.put(to);)+)?
                        $($($last_field.put(to);)+)?
                    }
                }
            }

            fn take(from: &mut $crate::wire::Bytes<'_>) -> Self {
                match <u8 as $crate::wire::Wire>::take(from) {
                    $($number => wire_enum!(@one from $variant $(($($item),+))? $({$($field),+})?),)+
                    _ => wire_enum!(@one from $last $(($($last_item),+))? $({$($last_field),+})?),
                }
            }
        }
    };
}

pub(crate) use {wire_enum, wire_struct};

#[cfg(test)]
mod tests {
    use super::*;

    type All = (Vec<(Option<String>, Result<f64, u32>)>, [bool; 3]);

    #[test]
    fn what_is_packed_comes_out_the_same() {
        let all: All = (
            vec![
                (Some("zone crossing · ½".to_owned()), Ok(-0.1)),
                (Some(String::new()), Err(u32::MAX)),
                (None, Ok(f64::INFINITY)),
            ],
            [true, false, true],
        );
        assert_eq!(All::unpacked(&all.packed()), all);
    }

    #[test]
    fn bytes_of_anything_are_read_to_an_end() {
        assert_eq!(All::unpacked(&[]), (Vec::new(), [false; 3]));
        let read = Vec::<String>::unpacked(&[0xff; 9]);
        assert_eq!(read, [""], "a count and a length beyond the end");
    }
}
