-- Roles that are held in one object of a type.

create table if not exists object_type (
    slug    text primary key,
    label   text not null,
    extends text not null,
    seq     bigint not null
);

create table if not exists affiliation_kind (
    type   text not null,
    slug   text not null,
    parent text not null,
    label  text not null,
    seq    bigint not null,
    primary key (type, slug)
);

create table if not exists scope_object (
    slug     text   primary key,
    type     text   not null,
    name     text   not null,
    archived bigint not null,
    seq      bigint not null
);

create table if not exists affiliation (
    id         text   primary key,
    member     text   not null,
    object     text   not null,
    kind       text   not null,
    title      text   not null,
    granted_by text   not null,
    starts     bigint not null,
    ends       bigint not null,
    removed    bigint not null,
    seq        bigint not null
);

create table if not exists kind_override (
    object  text   primary key,
    kind    text   not null,
    rights  text   not null,
    removed bigint not null,
    seq     bigint not null
);
