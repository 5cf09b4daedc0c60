//! The words in which the shapes of documents are described: JSON Schema as the OpenAPI document has it.

use utoipa::ToSchema;
use utoipa::openapi::schema::{
    AdditionalProperties, AnyOfBuilder, ArrayBuilder, ObjectBuilder, Schema, SchemaType, Type,
};
use utoipa::openapi::{KnownFormat, Ref, RefOr, SchemaFormat};

pub(crate) type Described = RefOr<Schema>;

/// A field of a document.
pub(crate) struct Field {
    name: &'static str,
    always: bool,
    holds: Described,
}

/// A field that every document of the shape has.
pub(crate) fn has(name: &'static str, holds: Described) -> Field {
    Field {
        name,
        always: true,
        holds,
    }
}

/// A field that may be absent.
pub(crate) fn may(name: &'static str, holds: Described) -> Field {
    Field {
        name,
        always: false,
        holds,
    }
}

fn plain(kind: Type) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(SchemaType::new(kind))
}

pub(crate) fn text() -> Described {
    plain(Type::String).into()
}

/// A time as RFC 3339 in UTC.
pub(crate) fn time() -> Described {
    let format = SchemaFormat::KnownFormat(KnownFormat::DateTime);
    plain(Type::String).format(Some(format)).into()
}

/// A time, or the empty text that stands for none.
pub(crate) fn time_or_empty() -> Described {
    any_of([time(), is("")])
}

pub(crate) fn whole() -> Described {
    plain(Type::Integer).into()
}

pub(crate) fn truth() -> Described {
    plain(Type::Boolean).into()
}

pub(crate) fn anything() -> Described {
    plain(Type::Object).schema_type(SchemaType::AnyValue).into()
}

/// This text and no other.
pub(crate) fn is(word: &'static str) -> Described {
    one_of([word])
}

pub(crate) fn one_of(words: impl IntoIterator<Item = &'static str>) -> Described {
    plain(Type::String).enum_values(Some(words)).into()
}

pub(crate) fn many(items: Described) -> Described {
    ArrayBuilder::new().items(items).into()
}

pub(crate) fn any_of(all: impl IntoIterator<Item = Described>) -> Described {
    let each = |built: AnyOfBuilder, one| built.item(one);
    let built = all.into_iter().fold(AnyOfBuilder::new(), each);
    Schema::AnyOf(built.build()).into()
}

pub(crate) fn or_null(holds: Described) -> Described {
    any_of([holds, plain(Type::Null).into()])
}

/// A shape that is described elsewhere.
pub(crate) fn of<T: ToSchema>() -> Described {
    Ref::from_schema_name(T::name()).into()
}

fn fields(all: impl IntoIterator<Item = Field>) -> ObjectBuilder {
    let each = |built: ObjectBuilder, field: Field| {
        let built = built.property(field.name, field.holds);
        match field.always {
            true => built.required(field.name),
            false => built,
        }
    };
    all.into_iter().fold(plain(Type::Object), each)
}

/// An object with these fields and no other.
pub(crate) fn object(all: impl IntoIterator<Item = Field>) -> Described {
    let only = AdditionalProperties::<Schema>::FreeForm(false);
    fields(all).additional_properties(Some(only)).into()
}

/// An object with these fields, and with others that are passed on as they came.
pub(crate) fn open_object(all: impl IntoIterator<Item = Field>) -> Described {
    fields(all).into()
}

pub(crate) fn links(names: impl IntoIterator<Item = &'static str>) -> Described {
    object(names.into_iter().map(|name| has(name, text())))
}

/// A list of one kind, with the counts and the links that it has.
pub(crate) fn list<T: ToSchema>(counts: &[&'static str], linked: Vec<Field>) -> Described {
    let mut all = vec![has("type", is("list"))];
    all.extend(counts.iter().map(|name| has(name, whole())));
    all.push(has("data", many(of::<T>())));
    if !linked.is_empty() {
        all.push(has("links", object(linked)));
    }
    object(all)
}
