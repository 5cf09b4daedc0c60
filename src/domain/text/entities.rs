//! Character references of HTML, which some institutions leave in the names they send: `Zo&euml;`, `O&#39;Neil`.

use std::borrow::Cow;

/// The names of U+00A0 to U+00FF, in order.
const LATIN_1: &str = "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 \
    sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring \
    AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times \
    Oslash Ugrave Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute \
    ecirc euml igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc \
    uuml yacute thorn yuml";

const OTHERS: [(&str, char); 15] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("lsquo", '\u{2018}'),
    ("rsquo", '\u{2019}'),
    ("ldquo", '\u{201C}'),
    ("rdquo", '\u{201D}'),
    ("ndash", '\u{2013}'),
    ("mdash", '\u{2014}'),
    ("OElig", '\u{152}'),
    ("oelig", '\u{153}'),
    ("Scaron", '\u{160}'),
    ("scaron", '\u{161}'),
];

/// The longest that is looked at, between `&` and `;`.
const LONGEST: usize = 10;

/// Reads each reference once: `&amp;lt;` is `&lt;`. What is none stays as it is, and so does a control character.
pub(crate) fn decode_entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        let after = &rest[at + 1..];
        let end = after.bytes().take(LONGEST + 1).position(|b| b == b';');
        match end.and_then(|end| Some((character(after.get(..end)?)?, end))) {
            Some((c, end)) => {
                decoded.push(c);
                rest = &after[end + 1..];
            }
            None => {
                decoded.push('&');
                rest = after;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn character(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16),
            None => number.parse(),
        };
        return char::from_u32(code.ok()?).filter(|c| !c.is_control());
    }
    let other = OTHERS.iter().find(|(known, _)| *known == name);
    other.map(|(_, c)| *c).or_else(|| {
        let at = LATIN_1.split_whitespace().position(|known| known == name)?;
        char::from_u32(0xA0 + u32::try_from(at).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reference_is_read_once() {
        for (text, read) in [
            ("Zo&euml; O&#39;Neil", "Zoë O'Neil"),
            ("Smith &amp; Sons", "Smith & Sons"),
            ("a &amp;lt; b", "a &lt; b"),
            ("&amp;amp;", "&amp;"),
            ("J&#x00F8;rgen &Oslash;. &yuml;", "Jørgen Ø. ÿ"),
            ("&#26085;&#26412;", "日本"),
            ("&nbsp;&rsquo;", "\u{A0}\u{2019}"),
            // none of these is one
            ("AT&T", "AT&T"),
            ("R&D; x", "R&D; x"),
            ("&", "&"),
            ("&;", "&;"),
            ("&#;&#x;&#xZZ;&#99999999;", "&#;&#x;&#xZZ;&#99999999;"),
            ("&euml", "&euml"),
            ("&EUML;", "&EUML;"),
            ("&日本語;", "&日本語;"),
            // a control character stays harmless
            ("&#27;[2J&#0;", "&#27;[2J&#0;"),
        ] {
            assert_eq!(decode_entities(text), read, "{text}");
        }
        assert_eq!(LATIN_1.split_whitespace().count(), 0x60);
    }
}
