//! Enums whose variants have fixed words, each declared as one table.

/// Declares an enum from a table. The names in brackets become functions that return their column; `parse` adds a
/// function that reads the first column, exactly. Every table has `ALL`.
///
/// ```text
/// words! {
///     /// Where one step stands.
///     StepStatus [word] parse {
///         /// Done.
///         Success "success";
///     }
/// }
/// ```
macro_rules! words {
    (@columns $at:expr;) => {};
    (@columns $at:expr; $column:ident $($rest:ident)*) => {
        pub(crate) const fn $column(self) -> &'static str {
            self.texts()[$at]
        }

        words! { @columns $at + 1; $($rest)* }
    };
    ($(#[$meta:meta])* $name:ident [$first:ident $($column:ident)*] parse { $($table:tt)+ }) => {
        words! { $(#[$meta])* $name [$first $($column)*] { $($table)+ } }

        impl $name {
            pub(crate) fn parse(text: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|it| it.$first() == text)
            }
        }
    };
    (
        $(#[$meta:meta])*
        $name:ident [$($column:ident)+] { $($(#[$of_variant:meta])* $variant:ident $($text:literal)+;)+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub(crate) enum $name {
            $($(#[$of_variant])* $variant),+
        }

        #[allow(dead_code, reason = "all tables have the same functions")]
        impl $name {
            pub(crate) const ALL: [Self; [$(stringify!($variant)),+].len()] =
                [$(Self::$variant),+];

            const fn texts(self) -> [&'static str; [$(stringify!($column)),+].len()] {
                match self {
                    $(Self::$variant => [$($text),+]),+
                }
            }

            words! { @columns 0; $($column)+ }
        }
    };
}

pub(crate) use words;
